# SPDX-License-Identifier: Apache-2.0
import json
import re
from pathlib import Path

import pytest

from tests.flow.conftest import invoke, stamp_again


def test_what_cannot_be_driven_is_refused(recipe: Path) -> None:
    for arguments, words in (
        (("--vectors", "0"), "should be greater than or equal to 1"),
        (("--seed", "-1"), "should be greater than or equal to 0"),
    ):
        result = invoke("verify", recipe, *arguments, "--build", recipe.parent / "build")
        assert result.exit_code == 2
        assert words in " ".join(re.sub("[│|]", " ", result.output).split())
    assert not (recipe.parent / "build").exists()


@pytest.mark.regression
def test_vectors_are_compared_once_and_a_fault_ends_with_1(finished_copy: Path) -> None:
    build = finished_copy / "build"
    arguments = ("verify", finished_copy / "tiny.toml", "--build", build, "--vectors", "300000")
    result = invoke(*arguments, "--json")
    assert result.exit_code == 0, result.output
    document = json.loads(result.stdout)
    ((row,),) = (table["rows"] for table in document["tables"])
    assert (row["vectors"], row["mismatches"]) == (300_000, 0)
    assert row["cycles_a_vector"] >= 6
    kept = (build / "tiny" / "volume.json").read_bytes()
    again = invoke(*arguments)
    assert again.exit_code == 0
    assert "building" not in again.output
    assert (build / "tiny" / "volume.json").read_bytes() == kept
    verilog = build / "tiny" / "rtl" / "tiny_engine.v"
    text = verilog.read_text(encoding="utf-8")
    # The lowest bit of the first constant of the weights' table.
    first = next(re.finditer(r"\d+'d\d+: \w+ = \d+'h([0-9a-f]+);", text))
    flipped = f"{int(first[1], 16) ^ 1:x}"
    faulty = text[: first.start(1)] + flipped + text[first.end(1) :]
    verilog.write_text(faulty, encoding="utf-8")
    stamp_again(build / "tiny", "rtl")
    wrong = invoke(*arguments)
    assert wrong.exit_code == 1, wrong.output
    assert re.search(
        r"results of the engine differ from the kernel's", " ".join(wrong.output.split())
    )
    assert not (build / "tiny" / "volume.json").exists()
