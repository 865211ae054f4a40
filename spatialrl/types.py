"""The nouns, in the order a batch meets them. Nothing else crosses a module boundary.

    Task -> Completion -> Score -> Trajectory -> Group -> TrainBatch -> StepReport

Shape legend, used in names everywhere: `_P` tasks of a step, `_G` completions of a task, `_T` tokens.
"""

import string
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

AnswerKind = Literal["choice", "number", "text", "ocr", "sequence", "label_pair", "box"]
MediaKind = Literal["image", "depth", "video"]
Frame = Literal["pixels", "resized_pixels", "thousandths"]
FinishReason = Literal["stop", "length"]
UnscoredCode = Literal["refused", "judge", "timeout", "memory", "died"]
"""refused: the reward itself had nothing to judge by. judge: a judge gave no grade, or its budget is spent. The others: the
worker was ended in both of two attempts."""

Box = tuple[float, float, float, float]
"""x1, y1, x2, y2."""
Vector = tuple[float, float, float]
LETTERS = string.ascii_uppercase
"""Of the options of a choice, in their order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FramePlan:
    """Which frames of a video are seen. Decided once, used by the rollout and by the actor."""

    indices: tuple[int, ...]
    """They grow; a frame may repeat."""
    source_fps: float
    num_source_frames: int
    order: tuple[int, ...] = ()
    """Places in `indices` in the order in which their frames are shown, at the times of the ordered ones; empty: as they
    stand."""
    times_s: tuple[float, ...] = ()
    """Moments of `indices` in the file; empty in plans that were written by hand."""

    @property
    def shown(self) -> tuple[int, ...]:
        """The source frames, the one shown first first."""
        return tuple(self.indices[place] for place in self.order) or self.indices


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """One image, depth map or video, by reference."""

    kind: MediaKind
    path: str
    width: int
    height: int
    sha256: str = ""
    """Of the file; empty where it was not computed."""
    frames: FramePlan | None = None
    """Videos only."""
    blank: bool = False
    """Shown to the model as plain grey: the blind baseline."""
    mirrored: bool = False
    """Shown to the model with left and right exchanged."""
    shown: tuple[int, int] | None = None
    """Width and height in which the model sees it; a run works them out from the pixel budget."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneObject:
    id: str
    """`category.number`, for example `red_cube.1`."""
    bbox: Box


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    subject: str
    predicate: str
    object: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneGraph:
    objects: tuple[SceneObject, ...]
    relationships: tuple[Relation, ...]
    frame: Frame = "pixels"


@dataclass(frozen=True, slots=True, kw_only=True)
class Object3D:
    """One object in metres. World: x right, y forward, z up. Camera: x right, y down, z forward."""

    id: str
    category: str
    colour: str
    centre_world: Vector
    centre_camera: Vector
    size: Vector
    """Along the way it faces, across, and up."""
    yaw_world: float
    """Radians, counter-clockwise seen from above; 0 faces +x."""
    yaw_camera: float
    """Radians; 0 faces away from the camera, positive turns to its left."""
    visibility: float
    """Share of the object's own silhouette that is seen, 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MapCell:
    """One object on the cognitive map: column and row of a 10x10 grid seen from above."""

    label: str
    column: int
    row: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One question about some media, with its answer and what is known of the scene."""

    id: str
    question: str
    """Media stand where it says <image> or <video>, in their order; before it where it says neither."""
    media: tuple[Media, ...] = ()
    options: tuple[str, ...] = ()
    """Without letters; the prompt adds (A), (B), ..."""
    answer: str
    """The letter of the right option for `choice`, else the value as text."""
    answer_kind: AnswerKind
    unit: str = ""
    family: str = ""
    """Kind of question, for example `relation` or `counting`."""
    source: str = ""
    scene_id: str = ""
    split: Literal["train", "validation", "test"] = "train"
    demonstration: str = ""
    """A complete response worth imitating; SFT learns it."""
    twin: str = ""
    """Id of the task that asks the same about the same scene, seen from its other side."""
    scene: SceneGraph | None = None
    objects_3d: tuple[Object3D, ...] = ()
    cognitive_map: tuple[MapCell, ...] = ()
    coordinates: Frame | None = None
    """In which the model writes boxes and points, where it is not that of the truth; a run sets it to data.coordinates."""
    extra: Mapping[str, str] = field(default_factory=dict, hash=False)
    """What else its source says of it, by the source's own names: level, rating, pass_rate, ..."""

    @property
    def lettered_options(self) -> list[str]:
        """(A) left, (B) right, ..."""
        return [f"({letter}) {option}" for letter, option in zip(LETTERS, self.options, strict=False)]

    @property
    def names_an_option(self) -> bool:
        """Whether the answer is the letter of one of the options, as that of a choice has to be."""
        return len(self.answer) == 1 and self.answer in LETTERS[: len(self.options)]

    @property
    def answer_text(self) -> str:
        """Of a choice the right option without its letter."""
        return self.options[LETTERS.index(self.answer)] if self.answer_kind == "choice" else self.answer

    @property
    def modality(self) -> str:
        images = sum(medium.kind == "image" for medium in self.media)
        if any(medium.kind == "video" for medium in self.media):
            return "video"
        return "text" if not images else "image" if images == 1 else "images"


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionSpan:
    """Tokens [start, end) of a completion were written by this policy version."""

    version: int
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """What the model wrote for one task."""

    prompt_ids: tuple[int, ...]
    """As the engine expanded them, image tokens included; the actor must arrive at the same."""
    token_ids: tuple[int, ...]
    text: str
    logprobs_T: tuple[float, ...] = ()
    """Of the sampled tokens, after temperature and banned tokens; empty for demonstrations."""
    finish_reason: FinishReason = "stop"
    version_spans: tuple[VersionSpan, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    reward: float
    parts: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unscored:
    """No score could be had. Never worth 0: it leaves the group's baseline."""

    reason: str
    code: UnscoredCode = "refused"
    """Counted by this in metrics."""


Score = Scored | Unscored


@dataclass(frozen=True, slots=True, kw_only=True)
class Trajectory:
    """One completion of one task, judged."""

    task: Task
    completion: Completion
    score: Score
    advantage: float = 0.0
    reference_logprobs_T: tuple[float, ...] = ()
    """Of the frozen reference policy; empty where no KL is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The completions of one task, and of its twins that learn with it: the unit that is filtered and normalised."""

    task: Task
    trajectories_G: tuple[Trajectory, ...]
    beside: tuple[Trajectory, ...] = ()
    """Completions of twins that are only compared with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MicroBatch:
    """Trajectories that go through the model as one packed sequence."""

    trajectories: tuple[Trajectory, ...]

    def with_reference(self, logprobs: tuple[tuple[float, ...], ...]) -> "MicroBatch":
        pairs = zip(self.trajectories, logprobs, strict=True)
        return MicroBatch(trajectories=tuple(replace(t, reference_logprobs_T=lp) for t, lp in pairs))


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainBatch:
    """One optimizer step: for every rank the same number of micro-batches, of about equal cost."""

    ranks: tuple[tuple[MicroBatch, ...], ...]
    num_loss_tokens: int
    """Over all ranks: the one normaliser of the loss."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepReport:
    """What one update did."""

    version: int
    means: Mapping[str, float] = field(default_factory=dict)
    maxima: Mapping[str, float] = field(default_factory=dict)
    """Numbers of which the largest counts where several updates make one step."""
    unread: Mapping[str, str] = field(default_factory=dict)
    """Tasks it was made without, as their media could not be read, by id with the reason."""
