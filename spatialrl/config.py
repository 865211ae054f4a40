"""The description of a run: names, types, defaults and rules. Values live in `configs/*.yaml`.

The dataclasses are Hydra's schema, so a mistyped key fails while the config is composed.
"""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class ModelConfig:
    path: str = "???"
    """Hugging Face folder, or id on the Hub."""
    recipe: str | None = None
    """How to make the folder when it is not there: a name in `spatialrl.models.RECIPES`."""
    recipe_args: dict[str, Any] = field(default_factory=dict)
    dtype: str = "bfloat16"
    """bfloat16 or float32: of the forward pass in actor and rollout. Master weights are float32."""
    attention: str = "sdpa"
    """sdpa or flash_attention_2."""
    max_tokens: int = 8192
    """Prompt and completion together."""
    freeze_vision: bool = False


@dataclass
class SourceConfig:
    """One of several sources of training tasks."""

    path: str = "???"
    """File of task rows."""
    weight: float | None = None
    """Share of the tasks of every step, beside the other weights; where no source has one, all tasks are one pool."""
    take: str = "all"
    """all, first:N, end:N or random:N, of those that the filters keep; N may be a percentage."""
    families: list[str] = field(default_factory=list)
    """To keep, like the three below; empty keeps all."""
    kinds: list[str] = field(default_factory=list)
    splits: list[str] = field(default_factory=list)
    levels: list[str] = field(default_factory=list)
    """Values of the extra `level`."""
    ranges: dict[str, Any] = field(default_factory=dict)
    """Smallest and largest value of an extra, for example `pass_rate: [0.1, 0.9]`."""


@dataclass
class VideoConfig:
    """Frames per second and their number hold for rows without a frame plan; pixels for all. Null is what qwen-vl-utils
    takes for the model's patches."""

    fps: float = 2.0
    min_frames: int = 4
    max_frames: int = 768
    replan: bool = False
    """Plan anew the rows that bring a frame plan, too."""
    min_pixels: int | None = None
    """Of one frame; null is 128 patches."""
    max_pixels: int | None = None
    """Of one frame; null is 768 patches."""
    total_pixels: int | None = None
    """Of all frames of a video; null is 115200 patches."""


@dataclass
class DataConfig:
    train: Any = "???"
    """File of task rows; or a list of sources, each with the keys of `SourceConfig`."""
    test: str = "???"
    """Held-out task rows."""
    recipe: str | None = None
    """How to make the files when they are not there: a name in `spatialrl.generators.GENERATORS`."""
    recipe_args: dict[str, Any] = field(default_factory=dict)
    template: str = "spatialthinker"
    """Prompt template: a name in `spatialrl/data/templates`."""
    coordinates: str = "pixels"
    """In which the model writes boxes and points: pixels of the file, resized_pixels of what it sees, or thousandths of
    each side. Prompts state that size, demonstrations are converted to it, and rewards from it."""
    min_pixels: int = 3136
    """Of an image as the model sees it."""
    max_pixels: int = 1003520
    video: VideoConfig = field(default_factory=VideoConfig)
    bad_media: str = "fail"
    """When media of a task can't be read: fail ends the run, drop goes on without the task, counts it and says why."""
    store_gb: float = 4.0
    """Of each node's shared memory for decoded media, at most half of what the node has; 0 decodes anew every time."""
    families: list[str] = field(default_factory=list)
    """Question families to keep; empty keeps all."""
    curriculum: str | None = None
    """An extra of the tasks, such as rating, whose smallest values come first in the first epoch; -rating: the largest."""
    exclude: str | None = None
    """List of scenes that must not be trained on; data that shows one of them is refused."""
    folder: str = "outputs/benchmarks"
    """Where `spatialrl eval` keeps the images that rows of benchmarks carry."""

    @property
    def sources(self) -> dict[str, SourceConfig]:
        """Of the training tasks, by the key that names each in messages."""
        if isinstance(self.train, str):
            return {"data.train": SourceConfig(path=self.train)}
        return {f"data.train[{index}]": source for index, source in enumerate(self.train)}


@dataclass
class AlgorithmConfig:
    advantage: str = "group_zscore"
    """A name in `spatialrl.algorithms.ADVANTAGES`."""
    loss: str = "clipped"
    """A name in `spatialrl.algorithms.LOSSES`."""
    clip_low: float = 0.2
    clip_high: float = 0.3
    clip_dual: float = 3.0
    """Bound on the loss of a bad token whose ratio runs away; 0 switches it off."""
    kl: str = "k3"
    """A name in `spatialrl.algorithms.KL_ESTIMATORS`."""
    kl_coef: float = 0.0
    """0 means no reference workers are started."""


@dataclass
class RewardConfig:
    name: str = "spatialthinker_compat"
    """A name in `spatialrl.rewards.REWARDS`."""
    args: dict[str, Any] = field(default_factory=dict)
    """Keyword arguments of the reward function."""
    contrasts: dict[str, Any] = field(default_factory=dict)
    """Bonuses beside other completions: name in `spatialrl.contrasts.CONTRASTS` to its arguments; null switches it off."""
    num_workers: int = 4
    """Processes on the CPUs of the cluster, from 1 to 1000."""
    cpus_per_worker: float = 1.0
    """CPUs each asks Ray for; may be a fraction on a small machine."""
    timeout_s: float = 30.0
    """For one call of a worker. One that takes longer is killed, and each completion of its call tried once more, alone."""
    memory_mb: int = 4096
    """What a worker may allocate on top of its size at start; beyond it is killed, as above. 0: no limit."""
    call_s: float = 0.05
    """How long one call should take: a worker gets as many completions at once as fit. A user's function that is
    asynchronous or takes a batch gets its share of all that wait."""
    max_batch: int = 256
    """Most completions in one call."""
    max_pending: int = 8192
    """Completions that wait for a worker or are being scored; whoever comes with another one waits for a place."""
    cache_size: int = 16384
    """Scores kept of what was scored before, by task, all that the reward may see of the completion, and the reward with
    its arguments; 0 switches it off. Only user rewards and annealed ones see policy versions. A reward with a judge is
    never cached: its replies may differ, and it keeps them itself. A user's own reward is: say 0 where it draws lots."""


@dataclass
class SamplingConfig:
    temperature: float = 1.0
    top_p: float = 1.0
    max_tokens: int = 1024
    """Of the completion."""


@dataclass
class RolloutConfig:
    num_workers: int = 1
    """vLLM replicas."""
    tensor_parallel: int = 1
    completions_per_task: int = 8
    sampling: SamplingConfig = field(default_factory=SamplingConfig)
    max_concurrent_tokens: int = 65536
    """Prompt and completion tokens a replica may hold at once; further tasks wait in the pool."""
    max_num_seqs: int = 256
    gpu_memory_utilization: float = 0.85
    kv_cache_gb: float = 1.0
    """CPU only."""
    enforce_eager: bool = False
    timeout_s: float = 600.0
    """For one completion."""
    start_timeout_s: float = 900.0


@dataclass
class OptimConfig:
    lr: float = 1e-6
    beta1: float = 0.9
    beta2: float = 0.999
    weight_decay: float = 0.01
    max_grad_norm: float = 1.0
    schedule: str = "constant"
    """constant, linear or cosine, over the real number of optimizer steps."""
    warmup_steps: int = 0
    min_lr_ratio: float = 0.0


@dataclass
class ActorConfig:
    num_ranks: int = 1
    micro_batch_tokens: int = 16384
    """Most tokens one packed micro-batch may hold."""
    activation_checkpointing: bool = True
    optim: OptimConfig = field(default_factory=OptimConfig)
    updates_per_step: int = 1
    """Optimizer steps per collected batch."""
    timeout_s: float = 1800.0


@dataclass
class ReferenceConfig:
    num_ranks: int = 1
    timeout_s: float = 1800.0


@dataclass
class ClusterConfig:
    device: str = "cuda"
    """cuda or cpu."""
    address: str | None = None
    """Ray cluster to join; null joins the one in RAY_ADDRESS, else starts one here."""
    placement: str = "split"
    """split: rollout and actor on their own GPUs. colocated: on the same GPUs."""
    cpus_per_worker: float = 1.0
    """CPUs each rollout, actor and reference worker asks Ray for; may be a fraction on a small machine."""
    threads_per_worker: int = 0
    """Threads of each rollout, actor and reference worker; 0 leaves it to torch."""
    start_timeout_s: float = 300.0


@dataclass
class TrainerConfig:
    max_steps: int = 100
    tasks_per_step: int = 64
    eval_tasks: int = 0
    """Held-out tasks scored before the first and after the last step; 0 switches it off."""
    save_every: int = 0
    """Steps between checkpoints; 0 saves the last only."""
    sinks: list[str] = field(default_factory=lambda: ["console", "jsonl"])
    """Names in `spatialrl.sinks.SINKS`; jsonl is always on."""


@dataclass
class SftConfig:
    max_steps: int = 100
    tasks_per_step: int = 64
    optim: OptimConfig = field(default_factory=lambda: OptimConfig(lr=1e-5))


@dataclass
class EvalConfig:
    """Of `spatialrl eval`, where each key is a word of its own: `limit=100` is `eval.limit=100`."""

    benchmark: str = ""
    """A name in `configs/benchmark`."""
    suite: str = ""
    """Several of them: a name in `configs/suites.yaml`."""
    backend: str = "vllm"
    """Who answers: vllm or transformers with `model.path`, openai or anthropic with `endpoint`."""
    endpoint: dict[str, Any] = field(default_factory=dict)
    """url and model of a server, and whatever else `spatialrl/endpoints/settings.py` knows."""
    patch: int = 28
    """Pixels along a patch of the model behind the endpoint, in which images are shown to it whole: 28 for Qwen2-VL and
    Qwen2.5-VL, 32 for Qwen3-VL. A model that is here says so itself."""
    output_dir: str = "outputs/eval"
    source: str = ""
    """Where the rows of the one benchmark are, other than its description says: a file, a folder, an id of the Hub."""
    media_root: str = ""
    """Where its media paths start; empty: the folder of the rows."""
    template: str | None = None
    """Prompt template; null: the one the model was trained with, where its run folder says so, else `default`, the
    benchmark's own words."""
    mode: str = "strict"
    """How answers are scored: strict, by the parsers of the rewards, or official, by the benchmark's published rule, which
    as a rule wants the bare answer, without any reasoning before it."""
    limit: int = 0
    """Questions asked, evenly spread over the benchmark; 0: all."""
    blind: bool = False
    """Asks everything once more with every image and video shown as plain grey."""
    cognitive_map: str = "none"
    """none; self: the model first draws a map of the scene, which then stands before the question; else a file of maps."""
    map_tokens: int = 256
    """Of a map the model draws."""
    sampling: SamplingConfig = field(default_factory=lambda: SamplingConfig(temperature=0.0))
    frames: int = 0
    """Most frames of a video; 0: as the benchmark says."""
    fps: float = 0.0
    """Frames per second of video; 0: as the benchmark says."""
    resolution: int = 0
    """Longest side of every image and frame in pixels, width to height kept; 0: as it is, within data.max_pixels."""
    max_in_flight: int = 0
    """Questions under way at the same time; 0: as many as the engines or the endpoint take."""
    num_attempts: int = 3
    """Of a question whose worker failed or did not answer in time. An endpoint has attempts of its own."""
    retry_errors: bool = False
    """Asks questions again that an earlier run of the same settings could not ask."""


@dataclass
class RunConfig:
    name: str = "run"
    output_dir: str = "outputs/${name}"
    seed: int = 1
    dry_run: bool = False
    """Compose, validate, print the plan and the memory estimate, start nothing."""
    overwrite: bool = False
    """Replace what an earlier run left in output_dir."""
    model: ModelConfig = field(default_factory=ModelConfig)
    data: DataConfig = field(default_factory=DataConfig)
    algorithm: AlgorithmConfig = field(default_factory=AlgorithmConfig)
    reward: RewardConfig = field(default_factory=RewardConfig)
    rollout: RolloutConfig = field(default_factory=RolloutConfig)
    actor: ActorConfig = field(default_factory=ActorConfig)
    reference: ReferenceConfig = field(default_factory=ReferenceConfig)
    cluster: ClusterConfig = field(default_factory=ClusterConfig)
    trainer: TrainerConfig = field(default_factory=TrainerConfig)
    sft: SftConfig = field(default_factory=SftConfig)
    eval: EvalConfig = field(default_factory=EvalConfig)
