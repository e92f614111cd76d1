"""Any JSON that a partner may send, with what the contract says mixed in."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

scalars = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5)
)
any_json = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)  # fmt: skip


def bodies(fields: dict[str, list[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Return objects of these fields, each as given or anything else, or left out."""
    return st.fixed_dictionaries(
        {},
        optional={
            # Most fields as the contract has them: else hardly a body comes near it.
            name: st.sampled_from([*values, *values, *values]) | any_json
            for name, values in fields.items()
        },
    )
