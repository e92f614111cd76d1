"""What a function's archive has in it."""

from __future__ import annotations

import pytest

from bench.template import Function, functions
from local.shipping import FUNCTIONS, handler_module, needed

TEMPLATE = """
Resources:
  One:
    Type: AWS::Serverless::Function
    Properties:
      Handler: query.one.handler
  Two:
    Type: AWS::SNS::Topic
  Three:
    Properties:
      <<: *Two
      Handler: transfer.three.handler
"""


def test_a_functions_handler_is_its_own() -> None:
    assert handler_module(TEMPLATE, "One") == "query.one"
    assert handler_module(TEMPLATE, "Three") == "transfer.three"


@pytest.mark.parametrize("name", ["Two", "Four", "Resources"])
def test_what_is_no_function_has_no_handler(name: str) -> None:
    with pytest.raises(ValueError, match=name):
        handler_module(TEMPLATE, name)


@pytest.mark.parametrize("function", list(functions()), ids=lambda one: one.name)
def test_an_archive_has_its_own_context_and_nothing_of_build_time(function: Function) -> None:
    module = function.module
    files = {str(file.relative_to(FUNCTIONS)) for file in needed(module)}
    context = module.partition(".")[0]
    assert f"{module.replace('.', '/')}.py" in files
    assert {file.partition("/")[0] for file in files} == {context}
    assert not any(file.endswith(("_models.py", "operations.py")) for file in files)
