# SPDX-License-Identifier: Apache-2.0
import json

from tests.flow.conftest import invoke

REFUSED = 2


def test_a_key_is_explained_with_its_example() -> None:
    result = invoke("explain", "engine.initiation_interval")
    assert result.exit_code == 0, result.output
    for text in ("whole number", "1 or more", "[engine]", "initiation_interval = ", "multipliers"):
        assert text in result.output


def test_a_table_lists_its_keys() -> None:
    result = invoke("explain", "engine")
    assert result.exit_code == 0
    for key in ("engine.pipeline", "engine.weight_files", "Inside engine"):
        assert key in result.output


def test_json_has_facts_and_members() -> None:
    result = invoke("explain", "bits.weights", "--json")
    (table,) = json.loads(result.stdout)["tables"]
    (row,) = table["rows"]
    assert (row["kind"], row["key"]) == ("recipe key", "bits.weights")
    assert row["facts"]["default"] == "8"
    explanations, members = json.loads(invoke("explain", "STATUS", "--json").stdout)["tables"]
    assert explanations["rows"][0]["facts"]["offset"] == "0x0C"
    assert "STATUS.FIFO_LEVEL" in [one["key"] for one in members["rows"]]


def test_kinds_are_listed() -> None:
    assert "synthesis" in invoke("explain").output
    assert "INTERRUPT_PENDING" in invoke("explain", "register").output


def test_an_unknown_key_is_refused_with_the_nearest() -> None:
    result = invoke("explain", "engine.pipline")
    assert result.exit_code == REFUSED
    assert "nothing is called 'engine.pipline'; did you mean 'engine.pipeline'?" in result.output
