# SPDX-License-Identifier: Apache-2.0
"""A table of results as Markdown."""

from pulsewright.flow.report.result_table import ResultTable


def markdown_table(table: ResultTable) -> str:
    """The table as Markdown, its title in bold above it."""
    lines = [f"**{table.title}**", ""]
    lines.append(f"| {' | '.join(table.headings)} |")
    rules = ["---:" if column.is_number else "---" for column in table.columns]
    lines.append(f"|{'|'.join(rules)}|")
    lines += [f"| {' | '.join(row)} |" for row in table.texts]
    return "\n".join(lines) + "\n"
