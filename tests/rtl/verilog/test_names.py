# SPDX-License-Identifier: Apache-2.0
import pytest

from pulsewright.rtl.verilog.names import plain_names


@pytest.mark.parametrize(
    ("escaped", "plain"),
    [
        ("a1.engine.layer1", "a1_engine_layer1"),
        ("valid$12", "valid_12"),
        ("payload[3]", "payload_3"),
        ("$12", "net_12"),
        ("$procmux$12_Y", "net_procmux_12_Y"),
        ("event", "event_"),
    ],
)
def test_renames_every_escaped_identifier(escaped: str, plain: str) -> None:
    text = f"  wire \\{escaped} ;\n  assign x = \\{escaped}  + \\{escaped} [3];\n"
    assert plain_names(text) == f"  wire {plain};\n  assign x = {plain} + {plain}[3];\n"


def test_ports_and_instances_keep_matching() -> None:
    text = "module \\a.b (\\x$1 );\nendmodule\n  \\a.b  b (.\\x$1 (y));\n"
    assert plain_names(text) == "module a_b(x_1);\nendmodule\n  a_b b (.x_1(y));\n"


def test_two_signals_never_become_one() -> None:
    text = "wire x_1; wire \\x$1 ; wire \\x[1] ; assign \\x$1  = 4'hx;"
    assert plain_names(text) == "wire x_1; wire x_1_; wire x_1__; assign x_1_ = 4'hx;"


def test_leaves_plain_text_alone() -> None:
    text = "assign a = $signed(b) + 16'h0f; // net_1\n"
    assert plain_names(text) == text
