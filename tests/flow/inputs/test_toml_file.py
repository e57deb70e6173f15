# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest

from pulsewright.flow.recipe import load_recipe
from pulsewright.flow.study.study_file import load_study
from pulsewright.hls_model.errors import PulsewrightError

RECIPE = """\
# A recipe with a comment.
name = "mine"

[network]
hidden = [5]

[engine]
pipeline = "deep"

[[folding]]
pe = 2
simd = 3
[[folding]]
pe = 1
simd = 2
"""
STUDY = 'name = "s"\nseeds = [0]\n\n[[grid]]\nname = "g"\nweights = [8]\n'


def refusal(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    load = load_study if text.startswith('name = "s"') else load_recipe
    with pytest.raises(PulsewrightError) as caught:
        load(path)
    return str(caught.value).replace(str(path), "FILE")


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ('"deep"', '"middle"', "recipe FILE, line 8: engine.pipeline = 'middle'; choose"),
        ("pipeline", "pipelin", "recipe FILE, line 8: unknown key 'engine.pipelin'; did you"),
        ("pe = 1", "pe = 0", "recipe FILE, line 14: [[folding]] 2: pe = 0; give 1 or more"),
        ("simd = 2\n", "", "recipe FILE, line 13: key 'simd' in [[folding]] 2 is missing"),
        ("[5]", "[5, 0]", "recipe FILE, line 5: network.hidden, entry 2 = 0"),
        ('name = "mine"\n', "", "recipe FILE: key 'name' is missing; add it"),
        ('"mine"', '"mine"\ntask = "x"', "recipe FILE, line 3: task = 'x'; choose"),
        ("pipeline =", "initiation_interval = 8\npipeline =", "recipe FILE, line 11: [[folding]]"),
        ("[engine]", "[bits]\nweights = [8]\n[engine]", "recipe FILE: 1 weight widths [8] for 2"),
        ("[5]", "[5", "recipe FILE is not TOML: "),
    ],
)
def test_a_fault_is_told_with_its_line(
    before: str, after: str, sentence: str, tmp_path: Path
) -> None:
    assert before in RECIPE
    text = RECIPE.replace(before, after, 1)
    assert refusal(tmp_path / "mine.toml", text).startswith(sentence)


def test_a_fault_of_a_study_is_told_with_its_line(tmp_path: Path) -> None:
    text = STUDY.replace("[8]", "[9]")
    assert refusal(tmp_path / "s.toml", text).startswith("study FILE, line 6: [[grid]] 1: weights")
