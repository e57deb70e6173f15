# SPDX-License-Identifier: Apache-2.0
"""Result tables as the page's template reads them."""

from typing import Any

from pulsewright.flow.report.result_table import ResultTable


def table_document(table: ResultTable) -> dict[str, Any]:
    """Headings and cells: the text of each, and the value that sorting and CSV go by."""
    rows = [
        [
            {"text": text, "value": "" if value is None else str(value), "number": column.is_number}
            for text, value, column in zip(texts, values, table.columns, strict=True)
        ]
        for texts, values in zip(table.texts, table.rows, strict=True)
    ]
    headings = [
        {"text": text, "number": column.is_number}
        for text, column in zip(table.headings, table.columns, strict=True)
    ]
    return {
        "name": table.name,
        "title": table.title,
        "headings": headings,
        "rows": rows,
        "note": table.note,
    }
