# SPDX-License-Identifier: Apache-2.0
import json
from pathlib import Path

import pytest

from pulsewright.flow.steps import hls_bench
from pulsewright.hls_model.files.checksums import with_checksums
from pulsewright.hls_model.hls_cpp.delivered_bench import BenchVerdict
from tests.flow.conftest import invoke, stamp_again


def hls(folder: Path, exit_code: int = 0) -> str:
    result = invoke("hls", folder / "tiny.toml", "--build", folder / "build")
    assert result.exit_code == exit_code, result.output
    return " ".join(result.output.split())


def test_the_delivered_bench_is_reported_beside_the_emulator(finished_copy: Path) -> None:
    build = finished_copy / "build" / "tiny"
    report = json.loads((build / "report.json").read_text())
    assert report["mismatches"]["hls_bench"] == {"rows": 194, "mismatches": 0}
    assert "PASS: tiny, 194 rows, 0 mismatches" in (build / "emulator" / "bench.log").read_text()
    assert not (build / "hls" / "tiny_tb").exists(), "what is handed over stays as it was made"
    assert "its own bench: 194 rows, 0 mismatches (" in hls(finished_copy)


def test_a_bench_that_differs_ends_with_1_and_no_success_beside_it(
    finished_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hls_bench, "run_delivered_bench", lambda *_: BenchVerdict(194, 3))
    (finished_copy / "build" / "tiny" / ".stamps" / "hls_bench.json").unlink()
    assert "finds 3 of 194 vectors that differ from the reference" in hls(finished_copy, 1)
    assert not (finished_copy / "build" / "tiny" / "emulator" / "bench.json").exists()


def test_a_folder_of_anothers_making_is_not_run(finished_copy: Path) -> None:
    """Its checksums and stamps agree; its Makefile would run what its author likes."""
    build = finished_copy / "build" / "tiny"
    ran = finished_copy / "ran"
    (build / "hls" / "Makefile").write_text(f"all:\n\ttouch {ran}\n")
    files = {path.name: path.read_bytes() for path in (build / "hls").iterdir()}
    del files["SHA256SUMS"]
    (build / "hls" / "SHA256SUMS").write_bytes(with_checksums(files)["SHA256SUMS"])
    stamp_again(build, "hls")
    (build / ".stamps" / "hls_bench.json").unlink()
    assert "Makefile is not what this model makes; delete" in hls(finished_copy, 2)
    assert not ran.exists()
