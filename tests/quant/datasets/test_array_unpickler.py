# SPDX-License-Identifier: Apache-2.0
import os
import pickle
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.quant.datasets.array_unpickler import read_array


class Attack:
    def __reduce__(self):
        return os.system, ("echo attacked",)


@pytest.mark.parametrize("protocol", [2, 3, 4])
@pytest.mark.parametrize("order", ["C", "F"])
def test_reads_arrays(tmp_path, protocol: int, order: str) -> None:
    array = np.asarray(np.arange(12.0).reshape(4, 3), order=order)
    path = tmp_path / "x.pck"
    path.write_bytes(pickle.dumps(array, protocol=protocol))
    if protocol == 2:
        # Protocol 2 spells bytes by a call, which is one call too many.
        with pytest.raises(PulsewrightError, match=r"forbidden global '_codecs\.encode'"):
            read_array(path)
    else:
        assert np.array_equal(read_array(path), array)


def test_forbidden_global_is_named_and_not_called(tmp_path, capfd) -> None:
    path = tmp_path / "x.pck"
    path.write_bytes(pickle.dumps(Attack()))
    with pytest.raises(PulsewrightError, match=r"forbidden global 'posix\.system' in a pickle"):
        read_array(path)
    assert "attacked" not in capfd.readouterr().out


def test_attack_inside_an_object_array(tmp_path) -> None:
    path = tmp_path / "x.pck"
    path.write_bytes(pickle.dumps(np.array([Attack()], dtype=object)))
    with pytest.raises(PulsewrightError, match=r"forbidden global 'posix\.system'"):
        read_array(path)


@pytest.mark.parametrize(
    ("thing", "found"),
    [
        (np.arange(3), "an array of int64"),
        (np.array([None, 1]), "an array of object"),
        ([1.0, 2.0], r"\[1.0, 2.0\]"),
    ],
)
def test_other_content(tmp_path, thing: object, found: str) -> None:
    path = tmp_path / "x.pck"
    path.write_bytes(pickle.dumps(thing))
    with pytest.raises(PulsewrightError, match=f"holds {found}, expected a float64 array"):
        read_array(path)


def test_missing_file(tmp_path) -> None:
    with pytest.raises(PulsewrightError, match="No such file or directory; name the folder"):
        read_array(tmp_path / "x.pck")


def test_every_truncation(tmp_path) -> None:
    path = tmp_path / "x.pck"
    whole = pickle.dumps(np.arange(4.0))
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with pytest.raises(PulsewrightError):
            read_array(path)


@settings(max_examples=200, deadline=None)
@given(content=st.binary(max_size=80))
def test_any_bytes(tmp_path_factory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("any") / "x.pck"
    path.write_bytes(content)
    with pytest.raises(PulsewrightError):
        read_array(path)


@pytest.mark.parametrize(
    "data",
    [
        # The memo's entry 2**30: Python's unpickler makes room for as many.
        b"\x80\x02Nr\x00\x00\x00\x40.",
        # numpy.ndarray((2**40,)), which allocates them.
        b"\x80\x02cnumpy\nndarray\n\x8a\x06\x00\x00\x00\x00\x00\x01\x85\x85R.",
        # numpy.dtype("(9,9,9,9)f8")
        b"\x80\x02cnumpy\ndtype\nX\x0b\x00\x00\x00(9,9,9,9)f8\x85R.",
        b"\x80\x02" + b"N0" * 2000 + b"N.",
        # A text that says it has 2**60 bytes.
        b"\x80\x04\x8d\x00\x00\x00\x00\x00\x00\x00\x10a.",
    ],
)
def test_a_pickle_that_asks_for_more_than_it_holds(tmp_path, data: bytes) -> None:
    path = tmp_path / "x.pck"
    path.write_bytes(data)
    with pytest.raises(PulsewrightError, match="is not a pickled NumPy array"):
        read_array(path)


def test_a_sparse_file_and_a_device(tmp_path) -> None:
    path = tmp_path / "x.pck"
    with path.open("wb") as file:
        file.truncate(20 << 30)
    with pytest.raises(PulsewrightError, match="It has 21474836480 bytes, at most 67108864"):
        read_array(path)
    with pytest.raises(PulsewrightError, match="a pipe or a device"):
        read_array(Path("/dev/zero"))
