# SPDX-License-Identifier: Apache-2.0
from pathlib import Path
from typing import Any

import pytest

from pulsewright.flow.recipe import load_recipe
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.quant.splits import SplitKind
from pulsewright.rtl.buses.registry import BUSES
from pulsewright.rtl.table_options import TableOptions
from pulsewright.sim.simulators import Simulator
from tests.models import random_model

TOML_FILES = sorted((Path(__file__).parents[2] / "recipes").glob("*.toml"))
# Studies lie beside the recipes and are looked at in tests/flow/study.
SHIPPED = [path for path in TOML_FILES if not path.stem.startswith("study_")]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_recipe_loads_and_is_named_after_its_file(path: Path) -> None:
    recipe = load_recipe(path)
    assert recipe.name == path.stem
    assert len(recipe.folded.layers) == len(recipe.sizes) - 1


def test_the_recipes_of_all_three_presets_and_of_the_measured_curves_are_shipped() -> None:
    assert {path.stem for path in SHIPPED} >= {
        "a1_int8",
        "a1_int8_measured",
        "a2_int8",
        "a3_int8",
    }


def test_values_arrive(recipe: Path) -> None:
    loaded = load_recipe(recipe)
    assert loaded.sizes == (6, 5, 1)
    assert loaded.data.path == Path("curves.csv")
    assert loaded.data.split is SplitKind.ROWS
    assert loaded.training.float_training.epochs == 3
    assert loaded.simulation.rows(Simulator.ICARUS) == "test"


@pytest.mark.parametrize("bus", BUSES)
def test_every_attachment_may_be_named(bus: str, recipe: Path) -> None:
    assert load_recipe(recipe).attachment.bus == "obi"
    with recipe.open("a", encoding="utf-8") as file:
        file.write(f'\n[attachment]\nbus = "{bus}"\n')
    assert load_recipe(recipe).attachment.bus == bus


def test_identifiers_may_be_as_wide_as_those_of_the_fabric(recipe: Path) -> None:
    assert load_recipe(recipe).attachment.id_bits is None
    with recipe.open("a", encoding="utf-8") as file:
        file.write("\n[attachment]\nid_bits = 3\n")
    assert load_recipe(recipe).attachment.id_bits == 3


def test_a_wishbone_port_may_count_words_and_terminate_in_the_same_cycle(recipe: Path) -> None:
    with recipe.open("a", encoding="utf-8") as file:
        file.write('\n[attachment]\nbus = "wishbone"\naddressing = "word"\n')
        file.write('termination = "asynchronous"\n')
    options = {"addressing": "word", "termination": "asynchronous"}
    assert load_recipe(recipe).attachment.given == options


KNOTS = """name = "knots"
[network]
hidden = [8]
[bits]
activations = "accumulator"
[engine]
curve = "piecewise_linear"
"""


def test_a_recipe_for_piecewise_linear_curves_needs_no_folding(tmp_path: Path) -> None:
    path = tmp_path / "knots.toml"
    path.write_text(KNOTS)
    recipe = load_recipe(path)
    assert recipe.folded.piecewise_linear is not None
    assert [(layer.pe, layer.simd) for layer in recipe.folded.layers] == [(1, 6), (1, 1)]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('"accumulator"', "8", "with activations = 8 in [bits], a requantiser: it needs a hidden"),
        ("[8]", "[8, 8]", "needs one hidden layer, the network has 2; train a network such as"),
        ("[8]", '[8]\npulse_number = "log"', 'with pulse_number = "log" in [network], a table'),
        ("[engine]", "[[folding]]\npe = 1\nsimd = 1\n[engine]", "[[folding]] beside engine.curve"),
        ("[engine]", "[engine]\nmultipliers = 7", "multipliers = 7 beside curve"),
        ("[engine]", "[engine]\nincremental = true", "incremental = True beside curve"),
        ("[engine]", '[engine]\nweights = "reloadable"', "weights = reloadable beside curve"),
        ("[engine]", '[engine]\npipeline = "shallow"', "pipeline = shallow beside curve"),
        (
            '"accumulator"',
            '"accumulator"\nweight_scales = "per_channel_float"',
            'activations = "accumulator" with weight_scales = "per_channel_float"',
        ),
        (
            "[engine]",
            '[attachment]\nstream = "axi_stream"\n[engine]',
            "with attachment.stream = 'axi_stream', which has no curves",
        ),
    ],
)
def test_what_piecewise_linear_curves_cannot_have_is_refused_with_what_they_need(
    tmp_path: Path, old: str, new: str, sentence: str
) -> None:
    path = tmp_path / "knots.toml"
    path.write_text(KNOTS.replace(old, new, 1))
    with pytest.raises(PulsewrightError) as caught:
        load_recipe(path)
    assert sentence in str(caught.value)
    assert "; " in str(caught.value)
    assert str(caught.value).isprintable()


def test_accumulators_of_several_hidden_layers_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "knots.toml"
    text = KNOTS.replace("[8]", "[8, 8]").replace('curve = "piecewise_linear"', "multipliers = 9")
    path.write_text(text)
    with pytest.raises(PulsewrightError, match="with 2 hidden layers, which would grow"):
        load_recipe(path)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("seed = 3", "sede = 3", "unknown key 'sede'; did you mean 'seed'?"),
        ("epochs = 3", "epoch = 3", "unknown key 'training.float.epoch'; did you mean 'epochs'?"),
        ("hidden = [5]", "hiden = [5]", "unknown key 'network.hiden'; did you mean 'hidden'?"),
        (
            "pe = 2\n",
            "pe = 2\nzzz = 1\n",
            "unknown key 'zzz' in [[folding]] 1; known keys: pe, simd",
        ),
        ("hidden = [5]", 'preset = "A9"', "unknown network preset 'A9'; choose one of A1, A2, A3"),
        ("hidden = [5]", "", "give either preset or hidden sizes"),
        ("pe = 2", "pe = 6", "folding of layer 1: pe = 6 exceeds its 5 neurons; use at most 5"),
        ("simd = 3", "simd = 7", "folding of layer 1: simd = 7 exceeds its 6 inputs"),
        ("[[folding]]\npe = 2\nsimd = 3", "", "1 foldings for 2 layers"),
        ("seed = 3", "seed = -1", "seed = -1; give 0 or more"),
        ('name = "tiny"', 'name = "Tiny Net"', "name = 'Tiny Net'"),
        ('name = "tiny"', 'name = "while"', "name = 'while': that is a keyword of C; choose"),
        ('name = "tiny"', 'name = "module"', "that is a keyword of Verilog"),
        ('name = "tiny"', 'name = "pulsewright_dense"', "those of the driver and the kernel"),
        ('name = "tiny"', 'name = "registers"', "a word that generated files use themselves"),
        ('name = "tiny"', "", "key 'name' is missing"),
        ("[network]", "[netwrok]", "unknown key 'netwrok'; did you mean 'network'?"),
        ("pe = 2", "pes = 2", "unknown key 'pes' in [[folding]] 1; did you mean 'pe'?"),
        ("[training.float]", "[training.float_training]", "did you mean 'float_unseen'?"),
        ("seed = 3", "seed = true", "seed = True; give a whole number"),
        ("seed = 3", 'seed = "3"', "seed = '3'; give a whole number"),
        ("pe = 2", "pe = 2.5", "[[folding]] 1: pe = 2.5; give a whole number"),
        ("seed = 3", "seed = " + "9" * 5000, "is not TOML"),
        ("seed = 3", "seed = " + "[" * 3000, "is not TOML"),
        ('path = "curves.csv"', 'path = "a\\u0000b"', "null character"),
        (
            "[[folding]]\npe = 2\nsimd = 3\n[[folding]]\npe = 1\nsimd = 2",
            "[folding]\npe = 2",
            "[[folding]] is written once for each entry",
        ),
        ('icarus = "test"', 'icarus = "some"', "simulation.icarus = 'some'"),
        ("[simulation]", "[bits]\nweights = 9\n[simulation]", "bits.weights = 9; give 8 or less"),
        ("[simulation]", "[bits]\ninputs = 1\n[simulation]", "bits.inputs = 1; give 2 or more"),
        ("[simulation]", "[data]\n[simulation]", "is not TOML"),
        (
            "[simulation]",
            '[attachment]\nbus = "pci"\n[simulation]',
            "attachment.bus = 'pci': unknown bus 'pci'; choose one of obi, apb, hwpe_periph,",
        ),
        (
            "[simulation]",
            '[attachment]\nbus = "apb"\nid_bits = 3\n[simulation]',
            "id_bits = 3, and apb has no identifiers; leave it out, or choose one of obi,",
        ),
        (
            "[simulation]",
            "[attachment]\nid_bits = 40\n[simulation]",
            "id_bits = 40; obi has identifiers of 1 to 32 bits",
        ),
        (
            "[simulation]",
            "[attachment]\nmax_wait = 0\n[simulation]",
            "max_wait = 0; an access may wait 1 to 65535 cycles",
        ),
        (
            "[simulation]",
            '[attachment]\nbus = "pcpi"\nmax_wait = 8\n[simulation]',
            "max_wait = 8, and pcpi is no bus: a core waits for its instruction; leave it out, or",
        ),
        (
            "[simulation]",
            '[attachment]\njobs = "curve"\n[simulation]',
            "attachment.jobs = 'curve'",
        ),
        (
            "[simulation]",
            '[attachment]\nbus = "apb"\naddressing = "word"\n[simulation]',
            "addressing = 'word', and apb has no such choice; leave it out, or choose one of",
        ),
        (
            "[simulation]",
            "[attachment]\nstream_width = 32\n[simulation]",
            "stream_width = 32 without a stream; add stream = 'axi_stream', or leave it out",
        ),
        (
            "[simulation]",
            '[attachment]\nstream = "axi"\n[simulation]',
            "attachment.stream = 'axi'",
        ),
        (
            "[simulation]",
            '[engine]\nweights = "reloadable"\n[attachment]\nstream = "axi_stream"\n[simulation]',
            "engine.weights = 'reloadable' with attachment.stream = 'axi_stream'",
        ),
        (
            "[simulation]",
            '[engine]\nincremental = true\n[attachment]\nstream = "axi_stream"\n[simulation]',
            "engine.incremental = true with attachment.stream = 'axi_stream'",
        ),
        (
            "[simulation]",
            '[attachment]\nbus = "wishbone"\naddressing = "bits"\n[simulation]',
            "attachment.addressing = 'bits'",
        ),
        (
            "[simulation]",
            '[attachment]\nbus = "wishbone"\nadressing = "word"\n[simulation]',
            "unknown key 'attachment.adressing'; did you mean 'addressing'?",
        ),
        (
            "[simulation]",
            "[attachment]\nid_bits = true\n[simulation]",
            "attachment.id_bits = True; give a whole number",
        ),
        ("[simulation]", "[attachment]\nbus = 1\n[simulation]", "attachment.bus = 1; give a text"),
        (
            "[simulation]",
            "[bits]\nweights = [8, 99]\n[simulation]",
            "entry 2 = 99; give 8 or",
        ),
        ("pe = 1\n", "pe = 0\n", "[[folding]] 2: pe = 0; give 1 or more"),
        ("seed = 3", "seed = nan", "seed = nan; give a"),
        ("seed = 3", "a" + ".a" * 1000 + " = 1", "nested more than 16 deep"),
        ("seed = 3", "seed = " + "[" * 500 + "]" * 500, "nested "),
        ("seed = 3", "s" * 100_000 + " = 1", "(100000 characters); known keys: name, task, seed"),
        ('name = "tiny"', f'name = "{"x" * 100_000}"', "(100000 characters)"),
        ("seed = 3", "seed 3", "is not TOML: Expected '=' after a key in a key/value pair"),
        ("seed = 3", "seed 3", "'seed 3'; correct it"),
    ],
)
def test_a_bad_recipe_is_refused_in_one_sentence(
    recipe: Path, old: str, new: str, sentence: str
) -> None:
    text = recipe.read_text(encoding="utf-8")
    assert old in text
    recipe.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PulsewrightError) as caught:
        load_recipe(recipe)
    assert sentence in str(caught.value)
    assert str(recipe) in str(caught.value)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 500


def test_engines_that_cannot_be_built_are_refused_before_the_training(recipe: Path) -> None:
    text = recipe.read_text(encoding="utf-8")
    recipe.write_text(text + "\n[engine]\nincremental = true\n", encoding="utf-8")
    assert load_recipe(recipe).folded.incremental
    whole = text.replace("simd = 3", "simd = 6", 1)
    recipe.write_text(whole + "\n[engine]\nincremental = true\n", encoding="utf-8")
    with pytest.raises(PulsewrightError, match="incremental inference saves nothing with simd = 6"):
        load_recipe(recipe)
    wide = text.replace("hidden = [5]", "hidden = [700, 700]", 1)
    wide = wide.replace("[[folding]]", "[[folding]]\npe = 8\nsimd = 6\n[[folding]]", 1)
    assert wide != text
    wide = wide.replace("simd = 3", "simd = 8", 1)
    recipe.write_text(wide + '\n[engine]\nweights = "reloadable"\n', encoding="utf-8")
    with pytest.raises(PulsewrightError, match="the register map reaches to 65535"):
        load_recipe(recipe)


def test_where_large_tables_live(recipe: Path) -> None:
    text = recipe.read_text(encoding="utf-8")
    assert load_recipe(recipe).engine.tables == TableOptions()
    chosen = '\n[engine]\nweight_memory = "block_ram"\nweight_files = true\n'
    recipe.write_text(text + chosen, encoding="utf-8")
    assert load_recipe(recipe).engine.tables == TableOptions(memory="block_ram", files=True)
    recipe.write_text(text + chosen + 'weights = "reloadable"\n', encoding="utf-8")
    with pytest.raises(PulsewrightError, match='weight_memory = block_ram beside weights = "relo'):
        load_recipe(recipe)
    recipe.write_text(text + '\n[engine]\nweight_memory = "flash"\n', encoding="utf-8")
    with pytest.raises(PulsewrightError, match=r"engine\.weight_memory.*flash"):
        load_recipe(recipe)


FOLDED = "[[folding]]\npe = 2\nsimd = 3\n[[folding]]\npe = 1\nsimd = 2\n"


@pytest.mark.parametrize(
    ("asked", "interval", "multipliers"),
    [
        ("initiation_interval = 15", 15, 3),
        ("initiation_interval = 1000", 30, 2),
        ("multipliers = 35", 1, 35),
        ("multipliers = 34", 2, 18),
        ("multipliers = 2", 30, 2),
        # 6 passes of 6 + 1 steps, and 4 cycles.
        ("multipliers = 1", 46, 1),
    ],
)
def test_a_folding_by_what_it_is_to_reach_or_to_cost(
    asked: str, interval: int, multipliers: int, recipe: Path
) -> None:
    text = recipe.read_text(encoding="utf-8")
    assert FOLDED in text
    recipe.write_text(text.replace(FOLDED, f"[engine]\n{asked}\n"), encoding="utf-8")
    folded = load_recipe(recipe).folded
    assert (folded.initiation_interval, folded.multipliers) == (interval, multipliers)


@pytest.mark.parametrize(
    ("engine", "sentence"),
    [
        ("", "nothing says how the network is folded; give one of [[folding]]"),
        (
            "initiation_interval = 8\nmultipliers = 8",
            "engine.initiation_interval and engine.multipliers says how",
        ),
        ("multipliers = 0", "engine.multipliers = 0; give 1 or more"),
        (
            "multipliers = 1\nincremental = true",
            "incremental inference beside multipliers = 1, whose engine computes whole vectors",
        ),
        ('multipliers = 1\nweights = "reloadable"', "reloadable weights beside multipliers = 1"),
        ('multipliers = 1\npipeline = "shallow"', "a shallow pipeline beside multipliers = 1"),
        (
            'multipliers = 1\n[attachment]\nstream = "axi_stream"',
            "a stream of vectors in beats beside multipliers = 1",
        ),
        (
            "multipliers = 1\n[bits]\nweights = 8\nactivations = 8\ninputs = 8\n"
            'weight_scales = "per_channel"',
            'bits.weight_scales = "per_channel" beside multipliers = 1',
        ),
        ("initiation_interval = 0", "engine.initiation_interval = 0; give 1 or more"),
    ],
)
def test_a_folding_that_is_not_said_once(engine: str, sentence: str, recipe: Path) -> None:
    text = recipe.read_text(encoding="utf-8")
    recipe.write_text(text.replace(FOLDED, f"[engine]\n{engine}\n"), encoding="utf-8")
    with pytest.raises(PulsewrightError) as caught:
        load_recipe(recipe)
    assert sentence in str(caught.value)


FINISHED = """
name = "finished"
[model]
path = "model.json"
[engine]
weights = "{weights}"
[attachment]
bus = "{bus}"
[[folding]]
pe = 1
simd = 1
[[folding]]
pe = 1
simd = 1
"""


@pytest.mark.parametrize(
    ("options", "weights", "bus", "sentence"),
    [
        ({}, "reloadable", "pcpi", None),
        ({"weight_width": 9}, "constant", "obi", None),
        ({"weight_width": 9}, "reloadable", "obi", "the weight window holds -127..127"),
        ({"input_width": 9}, "constant", "pcpi", "5 inputs of 16 bits need 3 input words"),
        ({"input_width": 17, "signed_inputs": False}, "constant", "apb", "codes of 17 bits"),
        ({"sizes": (5, 3, 65)}, "constant", "pcpi", "65 outputs exceed the 64 result registers"),
    ],
)
def test_a_finished_model_that_the_attachment_cannot_carry_is_refused_at_once(
    options: dict[str, Any], weights: str, bus: str, sentence: str | None, tmp_path: Path
) -> None:
    random_model(**{"sizes": (5, 3, 1)} | options).save(tmp_path / "model.json")
    path = tmp_path / "finished.toml"
    path.write_text(FINISHED.format(weights=weights, bus=bus), encoding="utf-8")
    if sentence is None:
        assert load_recipe(path).sizes == (5, 3, 1)
        return
    with pytest.raises(PulsewrightError) as raised:
        load_recipe(path)
    assert sentence in str(raised.value)
    assert "; " in str(raised.value)


def test_inputs_that_no_instruction_holds_are_refused_before_the_training(recipe: Path) -> None:
    text = recipe.read_text(encoding="utf-8")
    wide = text + '\n[bits]\ninputs = 9\n[attachment]\nbus = "{}"\n'
    recipe.write_text(wide.format("apb"), encoding="utf-8")
    load_recipe(recipe)
    recipe.write_text(wide.format("cv_x_if"), encoding="utf-8")
    with pytest.raises(PulsewrightError, match="6 inputs of 16 bits need 3 input words"):
        load_recipe(recipe)


def test_a_missing_recipe_and_one_that_is_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(PulsewrightError, match=r"cannot read recipe .*No such file"):
        load_recipe(tmp_path / "none.toml")
    with pytest.raises(PulsewrightError, match=r"cannot read recipe .*[Dd]irectory"):
        load_recipe(tmp_path)
