# SPDX-License-Identifier: Apache-2.0
import os
import threading
from pathlib import Path

import numpy as np
import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.quant.datasets import csv_table
from pulsewright.quant.datasets.pulse_curves import PulseCurves

HEADER = "pulse_number,v_set,v_anti,t_set,t_off,t_read,current"
ROWS = [
    "0,2.0,0,0.1,0.1,0.1,1e-6",
    "1,2.0,0,0.1,0.1,0.1,2e-6",
    "0,2.2,-0.9,0.5,0.1,0.1,3e-6",
    "1,2.2,-0.9,0.5,0.1,0.1,1e-6",
]


def table(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "curves.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def load_changed(tmp_path: Path, row: int, text: str) -> PulseCurves:
    lines = [*ROWS]
    lines[row] = text
    return csv_table.load(table(tmp_path, HEADER, *lines))


def test_reads_curves(tmp_path) -> None:
    curves = csv_table.load(table(tmp_path, HEADER, *ROWS))
    assert curves.parameters.tolist() == [[2.0, 0, 0.1, 0.1, 0.1], [2.2, -0.9, 0.5, 0.1, 0.1]]
    assert curves.currents.tolist() == [[1e-6, 2e-6], [3e-6, 1e-6]]


def test_any_column_order_byte_order_mark_blank_lines_and_other_columns(tmp_path) -> None:
    turned = [",".join(["note", *reversed(line.split(","))]) for line in (HEADER, *ROWS)]
    path = table(tmp_path, "\ufeff" + turned[0], "", *turned[1:])
    assert np.array_equal(
        csv_table.load(path).currents, csv_table.load(table(tmp_path, HEADER, *ROWS)).currents
    )


def test_round_trip_of_a_synthetic_set(tmp_path, small) -> None:
    values = np.column_stack([small.inputs, small.currents.reshape(-1)])
    path = tmp_path / "curves.csv"
    np.savetxt(path, values, delimiter=",", header=HEADER, comments="", fmt="%.17g")
    assert np.array_equal(csv_table.load(path).currents, small.currents)


def test_missing_and_doubled_column(tmp_path) -> None:
    with pytest.raises(PulsewrightError, match="must name t_off, current exactly once"):
        csv_table.load(table(tmp_path, "pulse_number,v_set,v_anti,t_set,t_read", *ROWS))
    with pytest.raises(PulsewrightError, match="must name current exactly once"):
        csv_table.load(table(tmp_path, HEADER + ",current", *ROWS))


def test_empty_file_and_header_alone(tmp_path) -> None:
    path = tmp_path / "empty.csv"
    path.write_text("")
    with pytest.raises(PulsewrightError, match="has columns none"):
        csv_table.load(path)
    with pytest.raises(PulsewrightError, match="has a header and no rows"):
        csv_table.load(table(tmp_path, HEADER))


def test_ragged_row(tmp_path) -> None:
    with pytest.raises(PulsewrightError, match="line 3 has 6 fields, the header 7"):
        load_changed(tmp_path, 1, "1,2.0,0,0.1,0.1,0.1")


@pytest.mark.parametrize("text", ["", "volt", "nan", "inf", "2;0"])
def test_not_a_number(tmp_path, text: str) -> None:
    with pytest.raises(PulsewrightError, match=rf"line 5 has v_set = '{text}'; give a finite"):
        load_changed(tmp_path, 3, f"1,{text},-0.9,0.5,0.1,0.1,1e-6")


@pytest.mark.parametrize("number", ["2", "1.5", "-1"])
def test_pulse_numbers_must_count(tmp_path, number: str) -> None:
    with pytest.raises(PulsewrightError, match=rf"line 5 has pulse_number = {number}, expected 1"):
        load_changed(tmp_path, 3, f"{number},2.2,-0.9,0.5,0.1,0.1,1e-6")


def test_first_pulse_must_be_zero(tmp_path) -> None:
    with pytest.raises(PulsewrightError, match="line 2 has pulse_number = 1, expected 0"):
        load_changed(tmp_path, 0, "1,2.0,0,0.1,0.1,0.1,1e-6")


def test_curves_of_different_length(tmp_path) -> None:
    with pytest.raises(PulsewrightError, match="the curve at line 4 is incomplete"):
        csv_table.load(table(tmp_path, HEADER, *ROWS[:3]))


def test_parameter_changes_along_a_curve(tmp_path) -> None:
    with pytest.raises(PulsewrightError, match=r"line 5 changes a pulse parameter.*line 4"):
        load_changed(tmp_path, 3, "1,2.3,-0.9,0.5,0.1,0.1,1e-6")


def test_missing_file_and_folder(tmp_path) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(PulsewrightError, match="cannot read table"):
            csv_table.load(path)


def test_not_text(tmp_path) -> None:
    path = tmp_path / "curves.csv"
    path.write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(PulsewrightError, match="is not a CSV table in UTF-8"):
        csv_table.load(path)


def test_a_table_through_a_pipe(tmp_path) -> None:
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    text = "\n".join([HEADER, *ROWS]).encode()
    threading.Thread(target=pipe.write_bytes, args=(text,), daemon=True).start()
    assert csv_table.load(pipe).currents.tolist() == [[1e-6, 2e-6], [3e-6, 1e-6]]


def test_a_header_cannot_draw_on_the_terminal(tmp_path) -> None:
    with pytest.raises(PulsewrightError) as raised:
        csv_table.load(table(tmp_path, "\x1b]0;title\x07,\x1b[2J," + "long" * 10_000))
    assert str(raised.value).isprintable()
    assert len(str(raised.value)) < 500


def test_lines_and_tables_have_an_end(tmp_path) -> None:
    with pytest.raises(PulsewrightError, match=r"line 1 begins with ',,,.*more than 100000 charac"):
        csv_table.load(table(tmp_path, "," * 200_000))
    with pytest.raises(PulsewrightError, match=r"line 3 begins with .*more than 100000 characters"):
        csv_table.load(table(tmp_path, HEADER, ROWS[0], "1" * 200_000))
    path = tmp_path / "sparse.csv"
    with path.open("wb") as file:
        file.truncate(20 << 30)
    with pytest.raises(PulsewrightError, match="It has 21474836480 bytes, at most 67108864"):
        csv_table.load(path)
