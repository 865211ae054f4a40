"""A compact tokenizer with Qwen's special tokens, trained on the words of some tasks.

Its chunks are whole numbers, colours, and whole stretches between them: a box costs eight tokens, and `red` is the same
token in every sentence, so that what is learned of one red thing holds for all. Every byte is in the vocabulary: any
text can be written.
"""

import re
from collections.abc import Iterable, Iterator

from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast

from spatialrl.types import Task

SPECIAL_TOKENS = (
    "<|endoftext|>",
    "<|im_start|>",
    "<|im_end|>",
    "<|vision_start|>",
    "<|vision_end|>",
    "<|vision_pad|>",
    "<|image_pad|>",
    "<|video_pad|>",
)
NUMBER, STRETCH, NOTHING = r"\d+", r" ?[^\s\d]+|\s+", r"(?!)"
LARGEST_NUMBER = 255

CHAT_TEMPLATE = (
    "{% for message in messages %}{{ '<|im_start|>' + message.role + '\n' }}"
    "{% if message.content is string %}{{ message.content }}{% else %}"
    "{% for item in message.content %}"
    "{% if item.type == 'image' %}<|vision_start|><|image_pad|><|vision_end|>"
    "{% elif item.type == 'video' %}<|vision_start|><|video_pad|><|vision_end|>"
    "{% else %}{{ item.text }}{% endif %}"
    "{% endfor %}{% endif %}{{ '<|im_end|>\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)


def train_tokenizer(tasks: Iterable[Task], *, vocab_size: int) -> PreTrainedTokenizerFast:
    tasks = list(tasks)
    coloured = "|".join(map(re.escape, colours(tasks))) or NOTHING
    core = Tokenizer(models.BPE())
    core.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(f"(?<![a-z])({coloured})(?![a-z])"), behavior="isolated"),
            pre_tokenizers.Split(Regex(f"{NUMBER}|{STRETCH}"), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    core.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocab_size,
        special_tokens=list(SPECIAL_TOKENS),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    core.train_from_iterator(words(tasks), trainer)
    return PreTrainedTokenizerFast(
        tokenizer_object=core,
        eos_token="<|im_end|>",
        pad_token="<|endoftext|>",
        unk_token="<|endoftext|>",
        extra_special_tokens=list(SPECIAL_TOKENS),
    )


def colours(tasks: Iterable[Task]) -> list[str]:
    """The first words of objects' names: of `red_cube.1`, `red`."""
    return sorted({item.id.split("_")[0] for task in tasks if task.scene for item in task.scene.objects})


def words(tasks: Iterable[Task]) -> Iterator[str]:
    for task in tasks:
        yield "\n".join([task.question, *task.options, task.answer])
        yield task.demonstration
    # Every number is one token, whether or not the tasks happen to use it.
    yield from [",".join(str(n) for n in range(LARGEST_NUMBER + 1))] * 3
