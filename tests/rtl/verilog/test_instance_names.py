# SPDX-License-Identifier: Apache-2.0
from pulsewright.rtl.verilog.instance_names import with_instance_names

TOP = """\
module top(y, level);
  output y;
  wire y;
  output [3:0] level;
  wire [3:0] level;
  wire valid;
  wire valid_12;
  wire index_3;
  source source (
    .{level}(level),
    .valid({valid})
  );
  sink sink (
    .index({index}),
    .valid({first_valid})
  );
  assign y = {first_valid} & {valid} & {index};
endmodule
"""
SOURCE = """
module source({level}, valid);
  output [3:0] {level};
  reg [3:0] {level};
  output valid;
  wire valid;
  assign valid = {level} == 4'h0;
endmodule
"""
SINK = """
module sink(index, valid);
  input index;
  wire index;
  output valid;
  wire valid;
  assign valid = index;
endmodule
"""


def text(level: str, valid: str, index: str) -> str:
    names = {"level": level, "valid": valid, "index": index, "first_valid": "valid"}
    top = TOP.format(**names)
    if valid != "valid_12":
        top = top.replace("wire valid_12;", f"wire {valid};").replace("index_3", index)
    return top + SOURCE.format(level=level) + SINK


def test_numbers_become_names_of_nets_and_instances() -> None:
    numbered, named = (
        text("port_7_0", "valid_12", "index_3"),
        text("level", "source_valid", "sink_index"),
    )
    assert with_instance_names(numbered) == named


def test_a_text_with_names_stays() -> None:
    named = text("level", "source_valid", "sink_index")
    assert with_instance_names(named) == named


def test_two_nets_never_become_one() -> None:
    taken = text("port_7_0", "valid_12", "index_3").replace(
        "wire valid;", "wire valid;\n  wire source_valid;", 1
    )
    found = with_instance_names(taken)
    assert ".valid(source_valid_)" in found
    assert "wire source_valid;\n" in found
