"""``python local/shipping.py FUNCTION FOLDER``: copy what a function of the template needs.

The function's handler and the modules of its context that it imports, with the
context's data files. What a function never loads makes its archive, and each
download of it at a cold start, larger for nothing.
"""

import re
import shutil
import sys
from modulefinder import ModuleFinder
from pathlib import Path

ROOT = Path(__file__).parents[1]
FUNCTIONS = ROOT / "functions"
_HANDLER = re.compile(r"^      Handler: ([\w.]+)\.handler$", re.MULTILINE)


def handler_module(template: str, function: str) -> str:
    """Return the module of a function's handler.

    Raises
    ------
    ValueError
        If the template has no such function with a handler.
    """
    _, own, rest = template.partition(f"\n  {function}:\n")
    found = _HANDLER.search(re.split(r"\n  \w", rest, maxsplit=1)[0]) if own else None
    if found is None:
        raise ValueError(f"template.yaml: no handler of {function}")
    return found[1]


def needed(module: str) -> list[Path]:
    """Return the files of a handler's context that the handler needs."""
    context = FUNCTIONS / module.partition(".")[0]
    finder = ModuleFinder(path=[str(FUNCTIONS)])
    finder.run_script(str(FUNCTIONS / f"{module.replace('.', '/')}.py"))
    files = [vars(one)["__file__"] for one in finder.modules.values()]
    imported = {Path(file) for file in files if file is not None}
    own = {file for file in imported if file.is_relative_to(context)}
    return sorted({context / "__init__.py", *own, *context.glob("*.json")})


def main() -> None:
    """Copy the files, with their context's folder."""
    function, folder = sys.argv[1], Path(sys.argv[2])
    module = handler_module((ROOT / "template.yaml").read_text(encoding="utf-8"), function)
    for file in needed(module):
        target = folder / file.relative_to(FUNCTIONS)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)


if __name__ == "__main__":
    main()
