"""Conversations as LLaVA and ShareGPT write them, for supervised learning: every answer of the assistant becomes a task
whose demonstration it is, with what was said before it in the question.

Read are `conversations` of from and value and `messages` of role and content, `image`, `images`, `video` and `videos`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from spatialrl.data.importers.answers import any_answer, unwrapped
from spatialrl.data.importers.bad_row import BadRow
from spatialrl.data.importers.fields import extras, optional_text
from spatialrl.data.importers.record import Converter, Record
from spatialrl.data.importers.shelf import Shelf, listed, scene_of_video
from spatialrl.data.importers.text_with_media import bind
from spatialrl.data.placeholders import PLACEHOLDER
from spatialrl.types import Media, Task

ROLES = {
    "human": "user",
    "user": "user",
    "gpt": "assistant",
    "assistant": "assistant",
    "model": "assistant",
    "system": "system",
}
KNOWN = ("id", "conversations", "messages", "system", "image", "images", "video", "videos", "source")


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    role: str
    text: str


def conversations() -> Converter:
    return convert


def convert(record: Record, shelf: Shelf) -> Iterator[Task]:
    row = record.row
    images = listed(row.get("images")) or listed(row.get("image"))
    videos = listed(row.get("videos")) or listed(row.get("video"))
    system = [Turn(role="system", text=text)] if (text := optional_text(row, "system")).strip() else []
    yield from tasks_of(
        [*system, *turns_of(row.get("conversations") or row.get("messages"))],
        record=record,
        source=optional_text(row, "source") or "conversations",
        images=shelf.images(images),
        videos=shelf.videos(videos),
        scene_id=scene_of_video(videos),
        extra=extras(row, known=KNOWN),
    )


def turns_of(items: Any) -> list[Turn]:
    turns = [_turn(item) for item in items] if isinstance(items, list) else []
    if not any(turn.role == "assistant" for turn in turns):
        raise BadRow("fields", "It has no turn of the assistant in 'conversations' or 'messages'.")
    return turns


def tasks_of(
    turns: Sequence[Turn],
    *,
    record: Record,
    source: str,
    images: tuple[Media, ...],
    videos: tuple[Media, ...],
    extra: dict[str, str],
    scene_id: str = "",
) -> Iterator[Task]:
    """Media are shown in every task whose question, with what was said before, names them."""
    ends = [index for index, turn in enumerate(turns) if turn.role == "assistant"]
    # All of them are named somewhere in the conversation, and none that is not there.
    bind(" ".join(turn.text for turn in turns if turn.role != "assistant"), images=images, videos=videos)
    name = optional_text(record.row, "id") or record.place
    for number, end in enumerate(ends, start=1):
        text = said_before(turns[:end])
        num_images, num_videos = (
            sum(word == kind for word in PLACEHOLDER.findall(text)) for kind in ("<image>", "<video>")
        )
        question, media = bind(text, images=images[:num_images], videos=videos[:num_videos])
        response = turns[end].text.strip()
        right = any_answer(unwrapped(response))
        yield Task(
            id=name if len(ends) == 1 else f"{name}/{number}",
            question=question,
            media=media,
            answer=right.answer,
            answer_kind=right.answer_kind,
            unit=right.unit,
            source=source,
            scene_id=scene_id,
            split=record.split,
            demonstration=response,
            extra=extra,
        )


def said_before(turns: Sequence[Turn]) -> str:
    """One turn of the user as it is, with the system's words before it; a longer talk with who said what."""
    system = [turn.text.strip() for turn in turns if turn.role == "system"]
    talk = [turn for turn in turns if turn.role != "system"]
    if len(talk) > 1:
        return "\n".join([*system, *(f"{turn.role.capitalize()}: {turn.text.strip()}" for turn in talk)])
    return "\n".join([*system, *(turn.text.strip() for turn in talk)])


def _turn(item: Any) -> Turn:
    role = str(item.get("from") or item.get("role")) if isinstance(item, dict) else ""
    if role not in ROLES:
        raise BadRow("fields", f"A turn is by '{role}'; read are: {', '.join(ROLES)}.")
    return Turn(role=ROLES[role], text=_text(item.get("value") or item.get("content")))


def _text(content: Any) -> str:
    """A text, or the parts of one: {"type": "image"} stands for a placeholder."""
    if isinstance(content, str):
        return content
    parts = [part for part in listed(content) if isinstance(part, dict)]
    kinds = {"text": lambda part: str(part.get("text", "")), "image": lambda _: "<image>", "video": lambda _: "<video>"}
    unknown = [str(part.get("type")) for part in parts if part.get("type") not in kinds]
    if unknown or not parts:
        raise BadRow(
            "fields", f"A turn has a part of type '{unknown[0] if unknown else ''}'; read are: {', '.join(kinds)}."
        )
    return "".join(kinds[part["type"]](part) for part in parts)
