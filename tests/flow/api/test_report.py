# SPDX-License-Identifier: Apache-2.0
import json
from pathlib import Path

import pytest

import pulsewright as pw


def test_a_report_is_exact_only_if_something_was_compared(finished: Path) -> None:
    report = pw.read_report(finished / "build" / "tiny")
    assert not report.model_copy(update={"mismatches": {}}).is_exact
    wrong = {
        **report.mismatches,
        "icarus": report.mismatches["icarus"].model_copy(update={"mismatches": 1}),
    }
    assert not report.model_copy(update={"mismatches": wrong}).is_exact


@pytest.mark.parametrize("text", ["{", "[]", json.dumps({"report_version": "x"}), "\0"])
def test_what_is_no_report_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text(text)
    with pytest.raises(pw.PulsewrightError, match=r"report\.json: ") as caught:
        pw.read_report(path)
    assert "\n" not in str(caught.value)
    with pytest.raises(pw.PulsewrightError, match="pulsewright report"):
        pw.read_report(tmp_path / "nothing")
