"""A report whose every figure is at its limit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.template import API, WORKER

if TYPE_CHECKING:
    from bench.report import Figures, Lookup, Report


def figures(kind: str) -> Figures:
    warm = {"ratio": 1.5, "ms": 3.0, "floor_ms": 2.0}
    return {
        "kind": kind,
        "init_ratio": 1.05 if kind == WORKER else 1.15,
        "init_ms": 440.0,
        "init_floor_ms": 400.0,
        "clients": ["dynamodb"],
        "warm_ratio": 1.5,
        "cases": {"": warm},  # type: ignore[dict-item]
    }


def lookup(usd: float) -> Lookup:
    return {"parts": {"HTTP API": usd}, "polls": 1.0, "all_cards_s": 0.4}


def at_the_limit() -> Report:
    return {
        "taken_at": "2026-11-22T00:00:00+00:00",
        "commit": "0000000",
        "rounds": 15,
        "python": "3.13.0",
        "bytecode": "compiled",
        "handlers": {"Ask": figures(WORKER), "Read": figures(API)},
        "layer_zip_mb": 5.0,
        "functions_zip_kb": 200.0,
        "uncompiled": [],
        "compiled": [],
        "foreign": [],
        "cost_usd": {
            "lookup_single": 0.00004,
            "lookup_rush": 0.00002,
            "transfer": 0.0001,
            "thousand_transfers": 0.1,
            "million_members_scanned": 20.0,
            "operations": {"Ask": 1e-6},
            "lookups": {"single": lookup(0.00004), "rush": lookup(0.00002)},
            "months": [
                {
                    "lookups": 1_000,
                    "together": 1.0,
                    "by_part": {"HTTP API": 0.04},
                    "per_lookup_usd": 0.00004,
                    "standing_usd": 16.0,
                    "total_usd": 16.04,
                }
            ],
        },
        "calls": {"Ask": {"dynamodb.UpdateItem": 1}, "Read": {}},
        "cold_calls": {"Ask": {"dynamodb.UpdateItem": 1, "kms.Decrypt": 1}, "Read": {}},
    }
