"""About everything in view: how many there are, and whether there is any. The families `counting`, `existence` and
`video_counting`. Where a thing that is barely seen could change the answer, nothing is asked.
"""

from spatialrl.dice import Dice
from spatialrl.scenes.catalogue import COLOURS
from spatialrl.scenes.questions.draft import Draft, Prior
from spatialrl.scenes.truth import Sighting, View

PLURALS = {"box": "boxes", "shelf": "shelves"}


def counting(view: View, dice: Dice) -> list[Draft]:
    return _count(view, "in the image")


def video_counting(view: View, dice: Dice) -> list[Draft]:
    """Only in rooms of which the video has shown every thing."""
    return _count(view, "in this room") if len(view.sightings) == len(view.objects_3d) else []


def existence(view: View, dice: Dice) -> list[Draft]:
    drafts = []
    if not all(sighting.is_clear for sighting in view.sightings):
        return drafts
    seen = {(s.thing.colour, s.thing.category) for s in view.sightings}
    colours, kinds = sorted({colour for colour, _ in seen}), sorted({kind for _, kind in seen})
    alike = {(colour, kind) for kind in kinds for colour in COLOURS} | {
        (c, kind) for c in colours for kind in view.kinds
    }
    for pair in dice.shuffled(sorted(seen | alike)):
        drafts.append(_exists(view, *pair, answer="yes" if pair in seen else "no"))
    return drafts


def _exists(view: View, colour: str, kind: str, *, answer: str) -> Draft:
    names = ", ".join(sighting.name for sighting in view.sightings)
    article = "an" if colour[0] in "aeiou" else "a"
    return Draft(
        question=f"Is there {article} {colour} {kind} in the image?",
        subjects=view.sightings,
        answer=answer,
        options=("yes", "no"),
        because=f"{colour} {kind} is {'' if answer == 'yes' else 'not '}among {names}, so {answer}",
        priors=(
            Prior(key="existence", result=answer, num_results=2),
            Prior(key=f"existence {kind}", result=answer, num_results=2),
            Prior(key=f"existence {colour}", result=answer, num_results=2),
        ),
        related=False,
    )


def _count(view: View, where: str) -> list[Draft]:
    drafts = [_counted(view.sightings, "objects", where)]
    for kind in sorted({s.thing.category for s in view.sightings}):
        of_kind = tuple(s for s in view.sightings if s.thing.category == kind)
        drafts.append(_counted(of_kind, PLURALS.get(kind, f"{kind}s"), where))
    for colour in sorted({s.thing.colour for s in view.sightings}):
        of_colour = tuple(s for s in view.sightings if s.thing.colour == colour)
        drafts.append(_counted(of_colour, f"{colour} objects", where))
    return [draft for draft in drafts if draft]


def _counted(sightings: tuple[Sighting, ...], noun: str, where: str) -> Draft | None:
    if not all(sighting.is_clear for sighting in sightings):
        return None
    count = len(sightings)
    names = ", ".join(sighting.name for sighting in sightings)
    return Draft(
        question=f"How many {noun} are {where}?",
        subjects=sightings,
        answer=str(count),
        kind="number",
        because=f"{names}: {count}",
        priors=(Prior(key=f"count {'all' if noun == 'objects' else 'some'}", result=str(count)),),
        related=False,
    )
