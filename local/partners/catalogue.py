"""Which issuers there are and which points each of them keeps.

The product's own issuer table is read, and nothing is known besides: a twelfth
line in that file is a twelfth issuer here, with balances for everyone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, TypeAdapter

if TYPE_CHECKING:
    from pathlib import Path


class _Tolerant(BaseModel):
    """A part of the issuer table; what only the product needs is passed over."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Name(_Tolerant):
    """A name in both languages."""

    ko: str
    en: str


class PointKind(_Tolerant):
    """One kind of points; ``cashable`` if they can become won."""

    code: str
    name: Name
    cashable: bool


class Issuer(_Tolerant):
    """One card issuer; ``code`` is its place under ``{partners}/issuers/``."""

    code: str
    name: Name
    points: tuple[PointKind, ...]

    def kind(self, point_code: str) -> PointKind | None:
        """Return the kind of points a code names here, partner points included."""
        return next(
            (kind for kind in (*self.points, PARTNER_POINTS) if kind.code == point_code), None
        )


# Any issuer may hold points of a partner shop: shown apart, never cashable (R-P3).
PARTNER_POINTS = PointKind(
    code="PARTNER", name=Name(ko="제휴포인트", en="Partner Point"), cashable=False
)

_TABLE = TypeAdapter(tuple[Issuer, ...])


def read_issuers(path: Path) -> dict[str, Issuer]:
    """Read the issuer table, keyed by issuer code.

    Raises
    ------
    OSError
        If there is no such file.
    pydantic.ValidationError
        If it is not a list of issuers.
    """
    issuers = {issuer.code: issuer for issuer in _TABLE.validate_json(path.read_bytes())}
    if not issuers:
        raise ValueError(f"{path.name} names no issuer")
    return issuers
