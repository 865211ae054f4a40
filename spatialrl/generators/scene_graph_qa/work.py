"""One candidate after another becomes a row or a reason, many at the same time where models are asked. What is finished is
in the journal; what a model gave no answer about is neither kept nor dropped, and ends the work with a sentence.
"""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from spatialrl.data.journal import Journal, Record
from spatialrl.endpoints import image_file
from spatialrl.errors import ResourceError
from spatialrl.generators.scene_graph_qa.candidate import Candidate
from spatialrl.generators.scene_graph_qa.draft import Draft, Dropped
from spatialrl.generators.scene_graph_qa.graph import Graph, graph_of_record
from spatialrl.generators.scene_graph_qa.models import Models, Unanswered
from spatialrl.generators.scene_graph_qa.recipe import Recipe
from spatialrl.generators.scene_graph_qa.rows import make_row
from spatialrl.generators.scene_graph_qa.templates import drafts_of
from spatialrl.generators.scene_graph_qa.validation import validate
from spatialrl.generators.scene_graph_qa.writing import write

MOST_AT_ONCE = 256
"""Questions in memory, each with its picture."""


@dataclass(kw_only=True)
class Work:
    recipe: Recipe
    graphs: Journal
    questions: Journal
    models: Models
    folder: Path
    bar: tqdm

    async def finish(self, candidates: Sequence[Candidate], *, split: str) -> list[bool]:
        """Whether each is kept, in their order."""
        rest = iter([candidate for candidate in candidates if candidate.name not in self.questions])
        unanswered: list[Unanswered] = []
        num_at_once = min(MOST_AT_ONCE, self.models.most_at_once)
        await asyncio.gather(*(self._consume(rest, split, unanswered) for _ in range(num_at_once)))
        if unanswered:
            raise ResourceError(
                f"{len(unanswered)} questions got no answer from a model, the first because {unanswered[0]}. What is finished "
                "is kept: the same command goes on from there, and pays for no reply twice."
            )
        return [bool(record["row"]) for record in self.questions.records(c.name for c in candidates)]

    async def _consume(self, rest: Iterator[Candidate], split: str, unanswered: list[Unanswered]) -> None:
        for candidate in rest:
            try:
                record = await self._made(candidate, split)
            except Unanswered as error:
                if not (self.recipe.skip_refused and error.code == "refused"):
                    unanswered.append(error)
                    if error.code == "budget":
                        return
                    continue
                record = {"row": None, "kind": "refused", "reason": str(error)}
            self.questions.add(candidate.name, record)
            self.bar.update(bool(record["row"]))
            self.bar.set_postfix(self.models.told, refresh=False)

    async def _made(self, candidate: Candidate, split: str) -> Record:
        (record,) = self.graphs.records([candidate.place])
        graph = graph_of_record(record["graph"])
        draft = drafts_of(graph, candidate.category)[candidate.number].ways[candidate.way]
        try:
            draft, facts = await self._asked(draft, graph, record["media"]["path"], candidate)
        except Dropped as dropped:
            return {"row": None, "kind": dropped.kind, "reason": str(dropped)}
        row = make_row(draft, graph, record, candidate, split=split, seed=self.recipe.seed, folder=self.folder)
        row["extra"] |= facts
        return {"row": row}

    async def _asked(self, draft: Draft, graph: Graph, path: str, candidate: Candidate) -> tuple[Draft, dict[str, str]]:
        """As the writer words it, and what the judges make of it."""
        if not self.models:
            return draft, {}
        image = image_file(Path(path))
        facts: dict[str, str] = {}
        name = f"{self.recipe.seed}/{candidate.name}"
        if self.recipe.writer and self.models.writer:
            draft, written = await write(self.models.writer, self.recipe.writer, draft, graph, image, name=name)
            facts["written"] = written
        if draft.rating < self.recipe.min_rating:
            raise Dropped("low rating", f"its rating is {draft.rating}; min_rating is {self.recipe.min_rating}")
        if self.models.judges:
            facts |= await validate(self.models.judges, self.recipe.validation, draft, image, name=name)
        return draft, facts
