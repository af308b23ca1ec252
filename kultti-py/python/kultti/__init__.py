"""Kultti compares municipalities: an indicator's value, rank, groups and trend, with everything needed to trust it.

A release is one file with facts, catalogue and territory. Open one, and ask:

    >>> import kultti
    >>> release = kultti.example(language="en")
    >>> c = release.compare("culture.net_operating_cost_per_inhabitant", area="Kokkola", period=2019)
    >>> round(c.value, 2), c.position.rank, c.position.n
    (154.59, 46, 308)

Results never change, read well as they are, and are tables to anything that reads Arrow: ``polars.DataFrame(c.peers)``.
"""

from ._errors import (
    FileError,
    InvalidArgumentError,
    InvalidDataError,
    KulttiError,
    MissingFileError,
    NotFoundError,
)
from ._kultti import (
    Area,
    AreaList,
    AreaRow,
    Batch,
    Batches,
    ColumnSummary,
    CompareAll,
    CompareAllSummary,
    Comparison,
    Deflator,
    Explanation,
    GroupRow,
    Groups,
    IndicatorList,
    IndicatorRow,
    MeasureUse,
    Missing,
    Note,
    Observation,
    PeerGroup,
    PeerGroups,
    Position,
    Ranking,
    RankRow,
    Release,
    Result,
    Table,
    Trend,
    TrendPoint,
    Unranked,
    Verification,
    __version__,
    example,
    open,
)

__all__ = [
    "Area",
    "AreaList",
    "AreaRow",
    "Batch",
    "Batches",
    "ColumnSummary",
    "CompareAll",
    "CompareAllSummary",
    "Comparison",
    "Deflator",
    "Explanation",
    "FileError",
    "GroupRow",
    "Groups",
    "IndicatorList",
    "IndicatorRow",
    "InvalidArgumentError",
    "InvalidDataError",
    "KulttiError",
    "MeasureUse",
    "Missing",
    "MissingFileError",
    "NotFoundError",
    "Note",
    "Observation",
    "PeerGroup",
    "PeerGroups",
    "Position",
    "RankRow",
    "Ranking",
    "Release",
    "Result",
    "Table",
    "Trend",
    "TrendPoint",
    "Unranked",
    "Verification",
    "__version__",
    "example",
    "open",
]
