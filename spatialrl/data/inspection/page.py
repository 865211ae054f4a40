"""An inspection as one page that needs nothing else."""

from pathlib import Path
from typing import TYPE_CHECKING

from spatialrl.data.folders import write_whole
from spatialrl.data.inspection.cards import make_cards
from spatialrl.data.inspection.order import Order
from spatialrl.report.charts import compact
from spatialrl.report.html import render

if TYPE_CHECKING:
    from spatialrl.data.inspection.run import Inspection

TEMPLATE = Path(__file__).with_name("page.html.jinja")


def write_page(path: Path, found: "Inspection", order: Order) -> None:
    write_whole(path, page(found, order))


def page(found: "Inspection", order: Order) -> str:
    return render(TEMPLATE, filters={"number": number}, found=found, order=order, cards=make_cards(found.sample, order))


def number(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else compact(value)
