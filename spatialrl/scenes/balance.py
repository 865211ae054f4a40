"""Which questions are asked, so that somebody who does not see the picture can only guess. Every draft says under which
keys a blind reader would look its answer up; a question is asked only while its answer is among the rarest there.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol, TypeVar

from spatialrl.dice import stable_order
from spatialrl.scenes.questions.draft import Prior


class Askable(Protocol):
    """A question with what a blind reader would know of it."""

    @property
    def answer(self) -> str: ...

    @property
    def options(self) -> tuple[str, ...]: ...

    @property
    def priors(self) -> tuple[Prior, ...]: ...

    @property
    def matter(self) -> tuple: ...


AnyDraft = TypeVar("AnyDraft", bound=Askable)


class Ledger:
    """What has been asked in one split so far."""

    def __init__(self, *, options: str = "shuffled") -> None:
        self.options = options
        self.results: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self.families: Counter[str] = Counter()
        self.letters: defaultdict[tuple[str, ...], Counter[int]] = defaultdict(Counter)

    def choose(self, drafts: Mapping[str, Sequence[AnyDraft]], count: int) -> list[tuple[str, AnyDraft]]:
        """Up to `count` questions about one scene, of the families asked least."""
        chosen: list[tuple[str, AnyDraft]] = []
        asked: set[tuple] = set()
        while len(chosen) < count:
            families = sorted(drafts, key=lambda family: self.families[family])
            found = next(((f, d) for f in families if (d := self._best(drafts[f], asked))), None)
            if found is None:
                return chosen
            chosen.append(found)
            asked.add(found[1].matter)
            self._note(*found)
        return chosen

    def place_options(self, name: str, family: str, draft: Askable) -> tuple[str, ...]:
        """The options, shuffled by the task's name, with the right one where it has been least; or as they are, or none."""
        if self.options != "shuffled":
            return draft.options if self.options == "fixed" else ()
        order = stable_order(name, "options", count=len(draft.options))
        options = [draft.options[index] for index in order]
        keys = ((family, draft.answer), (family, str(len(options))))
        rank = {place: turn for turn, place in enumerate(stable_order(name, "place", count=len(options)))}
        place = min(rank, key=lambda p: (*(self.letters[key][p] for key in keys), rank[p]))
        for key in keys:
            self.letters[key][place] += 1
        options.remove(draft.answer)
        options.insert(place, draft.answer)
        return tuple(options)

    def _best(self, drafts: Iterable[AnyDraft], asked: set[tuple]) -> AnyDraft | None:
        fitting = (d for d in drafts if d.matter not in asked and all(self._is_rarest(p) for p in d.priors))
        return min(fitting, key=lambda draft: sum(self.results[p.key][p.result] for p in draft.priors), default=None)

    def _is_rarest(self, prior: Prior) -> bool:
        if not prior.num_results:
            return True
        counts = self.results[prior.key]
        rarest = min(counts.values()) if len(counts) >= prior.num_results else 0
        return counts[prior.result] <= rarest

    def _note(self, family: str, draft: Askable) -> None:
        self.families[family] += 1
        for prior in draft.priors:
            self.results[prior.key][prior.result] += 1
