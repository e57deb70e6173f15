# SPDX-License-Identifier: Apache-2.0
import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.synth.cells.liberty import Group, parse_liberty
from pulsewright.synth.cells.table import Table, read_table

TEMPLATES = """
  lu_table_template (slope_load) { variable_1 : input_net_transition;
    variable_2 : total_output_net_capacitance; index_1 ("1, 3"); index_2 ("0, 10, 20"); }
  lu_table_template (load_slope) { variable_1 : total_output_net_capacitance;
    variable_2 : input_net_transition; index_1 ("0, 10, 20"); index_2 ("1, 3"); }
  power_lut_template (slope) { variable_1 : input_transition_time; index_1 ("1, 3"); }
  lu_table_template (load) { variable_1 : total_output_net_capacitance; index_1 ("0, 10"); }
  lu_table_template (skew) { variable_1 : related_pin_transition; index_1 ("0, 10"); }
"""


def table(text: str) -> Table:
    library = parse_liberty(f"library (a) {{ {TEMPLATES} {text} }}")
    templates: dict[str, Group] = {
        one.name: one for one in library.groups if one.kind.endswith("template")
    }
    return read_table(library.groups[-1], templates)


def test_axes_stand_in_either_order() -> None:
    one = table('cell_rise (slope_load) { values ("0, 1, 2", "10, 11, 12"); }')
    other = table('cell_rise (load_slope) { values ("0, 10", "1, 11", "2, 12"); }')
    assert one == other
    assert one(1, 0) == 0
    assert one(3, 20) == 12
    # Half way between the slopes and three quarters between loads of 0 and 20.
    assert one(2, 15) == 6.5
    assert one(1, 40) == 4
    assert one(0, 0) == -5


def test_one_axis_and_none() -> None:
    slope = table('rise_power (slope) { values ("4, 8"); }')
    assert [slope(one, 99) for one in (1, 2, 3)] == [4, 6, 8]
    load = table('rise_power (load) { values ("4, 8"); }')
    assert [load(99, one) for one in (0, 5, 10)] == [4, 6, 8]
    assert table('rise_power (scalar) { values ("7"); }')(5, 5) == 7


def test_indices_of_the_table_count_before_those_of_the_template() -> None:
    own = table('rise_power (slope) { index_1 ("0, 1"); values ("0, 1"); }')
    assert own(0.5, 0) == 0.5


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('cell_rise (unknown) { values ("1"); }', "has no known template"),
        ("cell_rise (slope) { }", "has no known template"),
        ('cell_rise (slope) { values ("1, 2, 3"); }', "do not fit its axes"),
        ('cell_rise (slope_load) { values ("1, 2, 3"); }', "do not fit its axes"),
        ('cell_rise (skew) { values ("1, 2"); }', "axis 'related_pin_transition' of cell_rise"),
        ('cell_rise (slope) { values ("1, x"); }', "is no list of numbers"),
    ],
)
def test_tables_that_are_not_understood_are_refused(text: str, words: str) -> None:
    with pytest.raises(PulsewrightError) as raised:
        table(text)
    assert words in str(raised.value)
