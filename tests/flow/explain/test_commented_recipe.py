# SPDX-License-Identifier: Apache-2.0
import tomllib

import pytest

from pulsewright.flow.explain.commented_recipe import OF_MODEL, OF_TRAINED, commented_recipe
from pulsewright.flow.explain.toml_keys import recipe_keys

VALUES = {
    "name": "mine",
    "data.source": "synthetic",
    "network.preset": "A1",
    "engine.initiation_interval": 64,
}
TEXT = commented_recipe("Title.", VALUES)


def test_what_is_set_is_all_that_toml_reads() -> None:
    assert tomllib.loads(TEXT) == {
        "name": "mine",
        "data": {"source": "synthetic"},
        "network": {"preset": "A1"},
        "engine": {"initiation_interval": 64},
    }
    assert max(map(len, TEXT.splitlines())) <= 100


@pytest.mark.parametrize("is_model", [False, True])
def test_without_the_signs_before_them_all_keys_are_there(is_model: bool) -> None:
    left_out = OF_TRAINED if is_model else OF_MODEL
    text = commented_recipe("Title.", {"name": "mine"}, is_model)
    lines = (line.removeprefix("#") for line in text.splitlines() if not line.startswith("# "))
    document = tomllib.loads("\n".join(lines))
    expected = [
        one.name
        for one in recipe_keys()
        if one.kind.endswith("key") and one.name.partition(".")[0] not in left_out
    ]
    assert sorted(names(document)) == sorted(expected)


def names(value: object, before: str = "") -> list[str]:
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return names(value[0], before)
    if not isinstance(value, dict):
        return [before]
    return [
        one for key, inner in value.items() for one in names(inner, f"{before}.{key}".strip("."))
    ]


def test_a_default_that_an_empty_table_changes_is_told() -> None:
    words = " ".join(TEXT.replace("# ", "").split())
    assert "120 where [training.float_unseen] is left out" in words
    assert "#[training.float_unseen]" in TEXT
