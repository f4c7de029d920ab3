"""An import-linter contract that reads like the table of the design: this package may import only these.

The built-in `forbidden` contract has to name every outsider; a package that may import nothing but the standard library
cannot be told that way. Named in pyproject.toml as the contract type `allowed_imports`.
"""

from __future__ import annotations

import sys
from typing import TypedDict, cast

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class _Violation(TypedDict):
    importer: str
    imported: str
    line: int


class AllowedImportsContract(Contract):
    """`package` may import the standard library, itself and the modules and packages of `may_import`."""

    type_name = "allowed_imports"

    package = fields.StringField()
    may_import = fields.ListField(subfield=fields.StringField(), required=False)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        package = cast("str", self.package)
        if package not in graph.modules:
            output.print_error(f"{package} is not there: the contract would hold nothing.")
            return ContractCheck(kept=False, metadata={"violations": []})
        allowed = (package, *cast("list[str]", self.may_import or []))
        violations = [
            found
            for importer in sorted({package} | graph.find_descendants(package))
            for found in _violations(graph, importer, allowed)
        ]
        return ContractCheck(kept=not violations, metadata={"violations": violations})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for found in cast("list[_Violation]", check.metadata["violations"]):
            output.print_error(f"{found['importer']} line {found['line']} imports {found['imported']}", bold=False)


def _violations(graph: ImportGraph, importer: str, allowed: tuple[str, ...]) -> list[_Violation]:
    return [
        _Violation(importer=importer, imported=imported, line=detail["line_number"])
        for imported in sorted(graph.find_modules_directly_imported_by(importer))
        if not _is_allowed(imported, allowed)
        for detail in graph.get_import_details(importer=importer, imported=imported)
    ]


def _is_allowed(imported: str, allowed: tuple[str, ...]) -> bool:
    if imported.partition(".")[0] in sys.stdlib_module_names:
        return True
    return any(imported == name or imported.startswith(f"{name}.") for name in allowed)
