# SPDX-License-Identifier: Apache-2.0
"""A cell library whose every figure can be worked out by hand.

Delays are 0.1 ns and 1 ns a pF of load; energies of outputs 10 fJ rising and 20 fJ falling, and a
hundredth of the load more; of clock pins 2 and 1 fJ, of data pins 0.3 fJ. Data are there 0.05 ns
before the edge.
"""

import re

_AXES = 'index_1 ("0.01, 1.0"); index_2 ("0.0, 1.0");'


def _rising(kind: str, template: str, low: float, high: float) -> str:
    """A table that rises with the load alone."""
    return f'{kind} ({template}) {{ {_AXES} values ("{low}, {high}", "{low}, {high}"); }}'


def _delays(related: str, kind: str = "combinational", sense: str = "non_unate") -> str:
    tables = " ".join(_rising(edge, "delay", 0.1, 1.1) for edge in ("cell_rise", "cell_fall"))
    slopes = ("rise_transition", "fall_transition")
    tables += " ".join(_rising(edge, "delay", 0.05, 0.55) for edge in slopes)
    return (
        f'timing () {{ related_pin : "{related}"; timing_sense : {sense}; timing_type : {kind}; '
        f"{tables} }}"
    )


def _energies(related: str, when: str = "", rise: float = 0.010, fall: float = 0.020) -> str:
    tables = _rising("rise_power", "energy", rise, rise + 0.01)
    tables += _rising("fall_power", "energy", fall, fall + 0.01)
    condition = f'when : "{when}"; ' if when else ""
    return f'internal_power () {{ related_pin : "{related}"; {condition}{tables} }}'


def _passive(rise: float, fall: float, when: str = "") -> str:
    condition = f'when : "{when}"; ' if when else ""
    tables = f'rise_power (scalar) {{ values ("{rise}"); }} '
    tables += f'fall_power (scalar) {{ values ("{fall}"); }}'
    return f"internal_power () {{ {condition}{tables} }}"


def _input(name: str, capacitance: float = 0.002, more: str = "") -> str:
    return f"pin ({name}) {{ direction : input; capacitance : {capacitance}; {more} }}"


def _gate(name: str, area: float, function: str, inputs: str, more: str = "") -> str:
    energies = more or " ".join(map(_energies, inputs))
    delays = " ".join(map(_delays, inputs))
    pins = " ".join(map(_input, inputs))
    return (
        f"cell ({name}) {{ area : {area}; cell_leakage_power : 100; {pins} "
        f'pin (Y) {{ direction : output; function : "{function}"; {delays} {energies} }} }}'
    )


SETUP = (
    'timing () { related_pin : "CK"; timing_type : setup_rising; '
    'rise_constraint (scalar) { values ("0.05"); } fall_constraint (scalar) { values ("0.05"); } }'
)
XOR_ENERGIES = " ".join(
    (
        *(_energies("A", "B", 0.03, 0.03), _energies("A", "!B", 0.01, 0.01), _energies("A")),
        *(_energies("B", "A", 0.05, 0.05), _energies("B", "!A", 0.01, 0.01), _energies("B")),
    )
)
MINI_LIBRARY = f"""
/* made by hand */
library (mini) {{
  time_unit : "1ns"; voltage_unit : "1V"; current_unit : "1uA"; pulling_resistance_unit : "1kohm";
  leakage_power_unit : "1pW";
  capacitive_load_unit (1, pf);
  nom_voltage : 2.0; nom_process : 1; nom_temperature : 25; delay_model : table_lookup;
  input_threshold_pct_rise : 50; input_threshold_pct_fall : 50;
  output_threshold_pct_rise : 50; output_threshold_pct_fall : 50;
  slew_lower_threshold_pct_rise : 20; slew_lower_threshold_pct_fall : 20;
  slew_upper_threshold_pct_rise : 80; slew_upper_threshold_pct_fall : 80;
  lu_table_template (delay) {{
    variable_1 : input_net_transition; variable_2 : total_output_net_capacitance; {_AXES}
  }}
  power_lut_template (energy) {{
    variable_1 : input_transition_time; variable_2 : total_output_net_capacitance; {_AXES}
  }}
  {_gate("INV", 1, "!A", "A")}
  {_gate("BUF", 2, "A", "A")}
  {_gate("NAND2", 2, "!(A*B)", "AB")}
  {_gate("NOR2", 2, "(A+B)'", "AB")}
  {_gate("XOR2", 4, "A^B", "AB", XOR_ENERGIES)}
  cell (ONE) {{ area : 1; pin (Y) {{ direction : output; function : "1"; }} }}
  cell (ZERO) {{ area : 1; pin (Y) {{ direction : output; function : "0"; }} }}
  cell (DFFR) {{
    area : 10; leakage_power () {{ value : 300; when : "Q"; }} leakage_power () {{ value : 500; }}
    ff (IQ, IQN) {{ clocked_on : "CK"; next_state : "D"; clear : "!RN"; }}
    {_input("D", more=_passive(0.0003, 0.0003) + SETUP)}
    {_input("RN")}
    pin (CK) {{ direction : input; capacitance : 0.003; clock : true;
      {_passive(0.0, 0.001, "D * !Q")} {_passive(0.0, 0.001, "!D * Q")} {_passive(0.002, 0.001)} }}
    pin (Q) {{ direction : output; function : "IQ"; {_delays("CK", "rising_edge")}
      {_energies("CK")} {_energies("RN", "", 1.0, 1.0)} }}
  }}
  cell (GATE) {{
    area : 5; dont_use : true; clock_gating_integrated_cell : "latch_posedge";
    pin (CK) {{ direction : input; clock_gate_clock_pin : true; capacitance : 0.004;
      {_passive(0.001, 0.001)} }}
    pin (E) {{ direction : input; clock_gate_enable_pin : true; capacitance : 0.002;
      {SETUP} }}
    pin (G) {{ direction : output; clock_gate_out_pin : true; state_function : "CK * held";
      {_delays("CK", sense="positive_unate")} {_energies("CK")} }}
    pin (held) {{ direction : internal; internal_node : "held"; }}
  }}
}}
"""


def without_leakage(library: str) -> str:
    """The same text without what cells leak."""
    attribute = re.sub(r"cell_leakage_power : \d+;", "", library)
    return re.sub(r"leakage_power \(\) \{[^}]*\}", "", attribute)
