"""What a load of shards knows of the graph, for as long as nobody else changes it.

Most entities of a batch were in a batch before it. To ask the graph for them each time takes as
long as to write the edges to them. The graph's version tells whether anybody else has changed
anything since.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from kg.contributions.properties import by_use
from kg.loading.changes import Changes
from kg.loading.checks import CheckedPaper
from kg.loading.state import State, StoredEntity
from kg.loading.statements import Setting, read_setting, read_state
from kg.store.transaction import Transaction
from kg.versions import version_within

_MOST = 100_000  # entities and papers, of about a kilobyte each


@dataclass(slots=True)
class Remembered:
    """What is known of the graph as it is once all that was taken in has been written.

    `version` is the graph's then; `papers` are those that were taken in.
    """

    version: int
    setting: Setting
    entities: dict[str, StoredEntity] = field(default_factory=dict)
    papers: set[str] = field(default_factory=set)
    outdated: bool = False

    @classmethod
    def of(cls, transaction: Transaction) -> Remembered:
        """Ask the graph; it has its schema."""
        # The version first: it tells of a change that comes while the rest is read.
        version = version_within(transaction)
        return cls(version, read_setting(transaction))

    @property
    def worn_out(self) -> bool:
        """Whether the graph has to be asked anew, or there is no room for more."""
        return self.outdated or len(self.entities) + len(self.papers) > _MOST

    def knows_any(self, papers: Sequence[CheckedPaper]) -> bool:
        """Whether any of these papers was taken in, so that the graph may not have it yet."""
        return not self.papers.isdisjoint(paper.id for paper in papers)

    def state(self, transaction: Transaction, papers: Sequence[CheckedPaper]) -> State:
        """Return what the graph holds of some papers; what is not known is asked for.

        The state is that of one batch, whose changes are taken in before the next state.
        """
        return read_state(transaction, papers, self.setting, self.entities)

    def take_in(self, papers: Sequence[CheckedPaper], state: State, changes: Changes) -> None:
        """Take in what a batch of papers changes; `state` is what it was worked out from."""
        if not changes.none:
            self.version += 1
        self.papers.update(paper.id for paper in papers)
        self.outdated = bool(changes.domains) and self.setting.merges  # in whose order ends stand
        self.setting = self.setting.changed(changes.domains, changes.packs)
        for id_, entity in state.entities.items():
            if id_ in changes.touched:
                # A copy: the rows of this batch are still made from the one that it has.
                forms = entity.forms.copy()
                entity = replace(entity, forms=forms, stored=tuple(by_use(forms)))  # noqa: PLW2901
            elif entity.stored is None:  # what names it was refused
                continue
            self.entities[id_] = entity
