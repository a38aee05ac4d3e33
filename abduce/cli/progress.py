"""Progress bar on standard error, with count, rate and time left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from abduce.cli.console import messages

OnProgress = Callable[[int, int | None], None]


class RateColumn(ProgressColumn):
    """How many a second, since the start."""

    def render(self, task: Task) -> Text:
        """Return the rate, or nothing before there is one."""
        if not task.elapsed or not task.completed:
            return Text("")
        return Text(f"{task.completed / task.elapsed:.1f}/s", style="progress.data.speed")


@contextmanager
def progress_bar(unit: str) -> Iterator[OnProgress]:
    """Show a bar; the function yielded takes how many are done, and of how many if known."""
    progress = Progress(
        TextColumn("{task.completed:.0f} " + unit),
        BarColumn(bar_width=None),
        RateColumn(),
        TextColumn("after"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        console=messages(),
    )
    with progress:
        task = progress.add_task("", total=None)

        def on_progress(done: int, total: int | None) -> None:
            progress.update(task, completed=done, total=total)

        yield on_progress
