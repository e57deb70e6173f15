# SPDX-License-Identifier: Apache-2.0
import json
import tomllib
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from pulsewright.flow.explain.entry import Entry
from pulsewright.flow.explain.toml_keys import recipe_keys, study_keys
from pulsewright.flow.recipe import Recipe
from pulsewright.flow.study.study_file import StudyFile
from pulsewright.quant.settings import FLOAT_UNSEEN, FloatTraining

MODELS: dict[str, type[BaseModel]] = {"recipe": Recipe, "study": StudyFile}
EVERY = [*recipe_keys(), *study_keys()]
KEYS = [one for one in EVERY if one.kind.endswith("key")]


def facts(name: str) -> dict[str, str]:
    (entry,) = [one for one in recipe_keys() if one.name == name]
    return dict(entry.facts)


def places_refused(model: type[BaseModel], document: dict[str, Any]) -> list[list[str]]:
    try:
        model.model_validate_json(json.dumps(document), strict=True)
    except ValidationError as error:
        return [[str(part) for part in each["loc"] if part != 0] for each in error.errors()]
    return []


def label(one: Entry) -> str:
    return f"{one.kind} {one.name}"


@pytest.mark.parametrize("one", EVERY, ids=label)
def test_every_key_and_table_has_a_meaning(one: Entry) -> None:
    assert one.meaning.strip().endswith(".")


@pytest.mark.parametrize("one", KEYS, ids=label)
def test_the_example_of_every_key_is_taken(one: Entry) -> None:
    """What is wrong with the rest of the file is no matter: it is that line alone."""
    document = tomllib.loads(dict(one.facts)["example"])
    assert one.name.split(".") not in places_refused(MODELS[one.kind.split()[0]], document)


def test_every_key_of_the_models_is_there() -> None:
    """Counted by the models' own schemas, which name each of them once."""
    names = {one.name for one in recipe_keys()}
    schema = Recipe.model_json_schema(by_alias=True)
    assert names >= set(schema["properties"])
    assert {"training.float.growth", "folding.pe", "attachment.id_bits", "model.input"} <= names
    assert "model.input.numbers" not in names
    assert {"grid.weights", "training.published.dropout"} <= {one.name for one in study_keys()}


def test_type_range_choices_and_default_are_the_models() -> None:
    assert facts("bits.weights")["type"] == "whole number or list of whole numbers"
    assert facts("bits.weights")["range"] == "2 to 8; 1 to 17 entries, each 2 to 8"
    assert facts("data.test_fraction")["range"] == "more than 0, less than 1"
    assert facts("training.float.learning_rate")["range"] == "more than 0, at most 1"
    assert facts("engine.pipeline")["choices"] == "deep, shallow"
    assert facts("engine.pipeline")["default"] == '"deep"'
    assert facts("engine.multipliers")["default"] == "none"
    assert facts("folding.pe")["default"] == "none, it must be given"
    assert facts("folding.pe")["example"].startswith("[[folding]]\npe = ")


def test_a_default_that_the_table_changes_is_told_twice() -> None:
    unseen, alone = FLOAT_UNSEEN.epochs, FloatTraining().epochs
    told = facts("training.float_unseen.epochs")["default"]
    assert told == f"{alone}; {unseen} where [training.float_unseen] is left out"
