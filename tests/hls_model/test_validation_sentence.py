# SPDX-License-Identifier: Apache-2.0
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from pulsewright.hls_model.validation_sentence import json_place, toml_place, validation_sentence


class Fold(BaseModel):
    model_config = ConfigDict(extra="forbid")
    pe: Annotated[int, Field(ge=1, le=64)]


class Document(BaseModel):
    model_config = ConfigDict(extra="forbid")
    folding: Annotated[tuple[Fold, ...], Field(min_length=1, max_length=3)] = (Fold(pe=1),)
    widths: tuple[Annotated[int, Field(lt=9)], ...] = ()
    rate: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 1.0
    kind: Literal["a", "b"] = "a"
    name: Annotated[str, Field(min_length=2, max_length=5, pattern="^[a-z]*$")] = "name"
    is_on: bool = True
    only: Fold = Fold(pe=1)

    @field_validator("rate")
    @classmethod
    def _is_not_seven(cls, rate: float) -> float:
        if rate == 7:
            raise ValueError("seven is taken; choose another")
        return rate


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ({"folding": [{"pe": 1}, {"pe": 0}]}, "[[folding]] 2: pe = 0; give 1 or more"),
        ({"folding": [{"pe": 65}]}, "[[folding]] 1: pe = 65; give 64 or less"),
        ({"folding": [{"pe": 1.5}]}, "[[folding]] 1: pe = 1.5; give a whole number"),
        ({"folding": [{}]}, "key 'pe' in [[folding]] 1 is missing; add it"),
        ({"folding": [{"pf": 1}]}, "unknown key 'pf' in [[folding]] 1; did you mean 'pe'?"),
        ({"folding": [3]}, "folding, entry 1 = 3; give a table"),
        ({"folding": []}, "folding = []; give 1 or more of them"),
        ({"folding": [{"pe": 1}] * 4}, "give 3 or fewer of them"),
        (
            {"folding": {"pe": 1}},
            "folding is a table with the keys 'pe'; give a list, where [[folding]] is written "
            "once for each entry",
        ),
        ({"widths": [8, 9]}, "widths, entry 2 = 9; give a number less than 9"),
        ({"rate": 0}, "rate = 0; give a number greater than 0"),
        ({"rate": float("inf")}, "rate = inf; give a finite number"),
        ({"rate": 7}, "rate = 7: seven is taken; choose another"),
        ({"kind": "c"}, "kind = 'c'; choose 'a' or 'b'"),
        ({"name": "x"}, "name = 'x'; give a text of at least 2 characters"),
        ({"name": "long" * 50}, f"name = {'long' * 10!r}... (200 characters); give a text of at"),
        ({"name": "A1"}, "name = 'A1'; give a text of the form ^[a-z]*$"),
        ({"name": 3}, "name = 3; give a text"),
        ({"is_on": 3}, "is_on = 3; give true or false"),
        ({"only": {"pe": -1}}, "only.pe = -1; give 1 or more"),
        ({"only": {"pf": 1}}, "unknown key 'only.pf'; did you mean 'pe'?"),
        ({"6-64-1": 1}, "unknown key '6-64-1'; known keys: folding"),
        ({"": 1}, "unknown key ''; known keys"),
        ({"[31m": 1}, "unknown key '[31m'; known keys"),
        ({"nothing_like_it": 1}, "unknown key 'nothing_like_it'; known keys: folding, widths,"),
    ],
)
def test_the_place_the_value_and_the_remedy(document: object, sentence: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Document.model_validate(document, strict=False)
    assert sentence in validation_sentence(caught.value, Document, toml_place)


def test_places_count_from_one() -> None:
    assert toml_place(["folding", 0, "pe"]) == "[[folding]] 1: pe"
    assert json_place(["layers", 1, "weights"]) == "layers 2: weights"
    assert json_place(["layers", 1, "weights", 0]) == "layers 2: weights, entry 1"
    assert json_place([]) == ""
