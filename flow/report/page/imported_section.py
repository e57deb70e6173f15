# SPDX-License-Identifier: Apache-2.0
"""What the import of a network of another tool found."""

from pulsewright.flow.report.import_tables import decimals_of, layer_table
from pulsewright.flow.report.page.html_tables import table_document
from pulsewright.flow.report.page.page_section import Fact, PageSection, TextBlock
from pulsewright.flow.steps.model_file import is_imported
from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.exact.report import ImportReport


def imported_section(workspace: Workspace) -> PageSection | None:
    """The report of the import; None if the model is of this house."""
    if not is_imported(workspace):
        return None
    report = ImportReport.model_validate_json(workspace.import_file.read_text(encoding="utf-8"))
    given, result = report.input, report.output
    facts = [
        Fact("file", report.source),
        Fact("codes of the input", f"{given.smallest_code} to {given.largest_code}"),
        Fact("their format", given.code_format),
        Fact("a step of the input", given.step),
        Fact("made by", given.quantiser or "what was given beside the file"),
        Fact("result", result.output.value),
        Fact("scale of the result", decimals_of(result.scale)),
        Fact("offset of the result", decimals_of(result.offset)),
    ]
    return PageSection(
        "import",
        "What the import found",
        facts=facts,
        tables=[table_document(layer_table(report))],
        texts=[TextBlock("Remarks", "\n".join(report.remarks))] if report.remarks else [],
    )
