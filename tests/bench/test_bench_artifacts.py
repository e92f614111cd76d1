"""Looking into archives: bytecode that Lambda uses, libraries for its machine, a steady size."""

from __future__ import annotations

import py_compile
from typing import TYPE_CHECKING

import pytest

from bench.artifacts import of_other_machines, without_bytecode, zip_bytes

if TYPE_CHECKING:
    from pathlib import Path

UNCHECKED = py_compile.PycInvalidationMode.UNCHECKED_HASH


@pytest.fixture
def module(tmp_path: Path) -> Path:
    source = tmp_path / "module.py"
    source.write_text("ANSWER = 42\n")
    return source


def test_bytecode_that_is_never_checked_counts(module: Path) -> None:
    py_compile.compile(str(module), invalidation_mode=UNCHECKED)
    assert without_bytecode(module.parent) == []


def test_a_module_without_bytecode_is_named(module: Path) -> None:
    assert without_bytecode(module.parent) == ["module.py"]


def test_bytecode_that_depends_on_the_time_of_its_source_does_not_count(module: Path) -> None:
    py_compile.compile(str(module), invalidation_mode=py_compile.PycInvalidationMode.TIMESTAMP)
    assert without_bytecode(module.parent) == ["module.py"]


def test_bytecode_of_another_python_does_not_count(module: Path) -> None:
    compiled = py_compile.compile(str(module), invalidation_mode=UNCHECKED)
    assert compiled is not None
    (module.parent / "__pycache__" / compiled.rpartition("/")[2]).write_bytes(b"\0" * 16)
    assert without_bytecode(module.parent) == ["module.py"]


@pytest.mark.parametrize(("machine", "named"), [(183, []), (62, ["lib.so"])])
def test_a_library_for_another_machine_is_named(
    tmp_path: Path, machine: int, named: list[str]
) -> None:
    (tmp_path / "lib.so").write_bytes(
        b"\x7fELF".ljust(18, b"\0") + machine.to_bytes(2, "little") + b"\0" * 44
    )
    assert of_other_machines(tmp_path) == named


def test_the_same_content_has_the_same_size_whenever_it_was_written(
    tmp_path: Path, module: Path
) -> None:
    first = zip_bytes(tmp_path)
    module.touch()
    assert zip_bytes(tmp_path) == first > 0
