"""``make generate``: what is written from data and models instead of by hand.

``openapi.yaml`` out of the operations; the schemas by which handlers check bodies
out of the request models; the list of issuers in ``template.yaml`` out of
``issuers.json``; ``holidays.json`` out of the ``holidays`` library. With
``--check`` nothing is written and the exit status says whether everything is as
it would be written.
"""

import json
import re
import sys
from pathlib import Path

import yaml
from holidays import BANK, PUBLIC, country_holidays

from autopay.operations import OPERATIONS as AUTOPAY_OPERATIONS
from local.openapi import document
from local.settings import ROOT
from modupoint.issuers import ISSUERS
from modupoint.operation import Operation
from query.operations import OPERATIONS as QUERY_OPERATIONS
from transfer.operations import OPERATIONS as TRANSFER_OPERATIONS

CONTEXTS: dict[str, tuple[Operation, ...]] = {
    "query": QUERY_OPERATIONS,
    "transfer": TRANSFER_OPERATIONS,
    "autopay": AUTOPAY_OPERATIONS,
}
OPERATIONS = tuple(one for operations in CONTEXTS.values() for one in operations)

_HEADER = "# Written by `make generate` from the code's own models. Do not edit.\n"
_HOLIDAY_YEARS = (2021, 2045)
_ISSUERS_DEFAULT = re.compile(r"(# generated:issuers\n +Default: ).*")


class _Dumper(yaml.SafeDumper):
    """Writes every value where it stands: readers should not follow anchors."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - yaml's own signature
        return True


def openapi_text() -> str:
    """Return ``openapi.yaml`` as it should be."""
    return _HEADER + yaml.dump(
        document(OPERATIONS), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100
    )


def request_schemas_text(operations: tuple[Operation, ...]) -> str:
    """Return the JSON file of a context's request models' schemas as it should be."""
    models = [one.body for one in operations if one.body is not None]
    schemas = {model.__name__: model.model_json_schema() for model in models}
    return json.dumps(schemas, indent=1, ensure_ascii=False) + "\n"


def holidays_text(first_year: int, last_year: int) -> str:
    """Return the JSON file of Korea's holidays as it should be, one day per line (R-T4).

    Public, substitute, temporary and election days, and Labour Day, on which banks were
    closed before it was a public holiday. Days on weekends are among them.
    """
    known = country_holidays(
        "KR", years=range(first_year, last_year + 1), language="ko", categories=(PUBLIC, BANK)
    )
    days = {day.isoformat(): known[day] for day in sorted(known)}
    table = {"first_year": first_year, "last_year": last_year, "holidays": days}
    return json.dumps(table, indent=1, ensure_ascii=False) + "\n"


def template_text(template: str, issuers: list[str]) -> str:
    """Return a template with its list of issuers as it should be.

    Raises
    ------
    ValueError
        If the template has no place for the list.
    """
    text, places = _ISSUERS_DEFAULT.subn(rf"\g<1>{','.join(issuers)}", template)
    if places != 1:
        raise ValueError("template.yaml: one line '# generated:issuers' before the default")
    return text


def main() -> int:
    """Write the files, or check them; returns the exit status."""
    template = ROOT / "template.yaml"
    wanted = {
        ROOT / "openapi.yaml": openapi_text(),
        **{
            ROOT / "functions" / context / "request_schemas.json": request_schemas_text(operations)
            for context, operations in CONTEXTS.items()
        },
        ROOT / "layers" / "common" / "modupoint" / "holidays.json": holidays_text(*_HOLIDAY_YEARS),
        template: template_text(template.read_text(encoding="utf-8"), list(ISSUERS)),
    }
    drifted = [file for file, text in wanted.items() if not _is(file, text)]
    if "--check" in sys.argv[1:]:
        for file in drifted:
            print(f"{file.name} is not what the code says: run `make generate`", file=sys.stderr)
        return 1 if drifted else 0
    for file in drifted:
        file.write_text(wanted[file], encoding="utf-8")
        print(f"wrote {file.name}")
    return 0


def _is(file: Path, text: str) -> bool:
    return file.exists() and file.read_text(encoding="utf-8") == text


if __name__ == "__main__":
    sys.exit(main())
