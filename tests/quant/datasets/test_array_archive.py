# SPDX-License-Identifier: Apache-2.0
import io
import zipfile

import numpy as np
import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.quant.datasets import array_archive
from pulsewright.quant.datasets.array_archive import MOST_BYTES, read_arrays


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
@pytest.mark.parametrize("order", ["C", "F"])
def test_arrays_are_read_by_name(tmp_path, save, order) -> None:
    a, b = np.arange(6.0).reshape(2, 3), np.asarray(np.arange(8.0).reshape(4, 2), order=order)
    save(tmp_path / "a.npz", a=a, b=b)
    read = read_arrays(tmp_path / "a.npz", ("b", "a"))
    assert np.array_equal(read[0], b)
    assert np.array_equal(read[1], a)


def archive(path, arrays: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in arrays.items():
            file.writestr(f"{name}.npy", data)


def npy(array) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("array", "sentence"),
    [
        (np.array(["much"]), "its array 'a' is <U4 of shape"),
        (np.array([{}], dtype=object), "its array 'a' is object"),
        (np.arange(3), "its array 'a' is int64"),
        (np.zeros(3, dtype=[("x", "f8")]), "its array 'a' is"),
    ],
)
def test_other_types_are_refused(tmp_path, array, sentence: str) -> None:
    archive(tmp_path / "a.npz", {"a": npy(array)})
    with pytest.raises(PulsewrightError, match=sentence):
        read_arrays(tmp_path / "a.npz", ("a",))


def test_a_header_that_asks_for_more_than_there_is(tmp_path) -> None:
    data = npy(np.zeros((2, 3))).replace(b"(2, 3)", b"(9, 3)")
    archive(tmp_path / "a.npz", {"a": data})
    with pytest.raises(PulsewrightError, match="in 176 bytes, float64 in 344 bytes is read"):
        read_arrays(tmp_path / "a.npz", ("a",))
    with pytest.raises(PulsewrightError, match="no array 'b'"):
        read_arrays(tmp_path / "a.npz", ("b",))


@pytest.mark.parametrize(
    "shape", [b"\0" * 6, b"(2, 3", b"{}[0] ", b"1e9999", b"' '' '", b"\xff\xfe\xfd\xfc  "]
)
def test_a_header_that_is_none_is_told_with_the_name_of_its_array(tmp_path, shape) -> None:
    archive(tmp_path / "a.npz", {"a": npy(np.zeros((2, 3))).replace(b"(2, 3)", shape)})
    with pytest.raises(PulsewrightError, match="its array 'a'"):
        read_arrays(tmp_path / "a.npz", ("a",))


def test_an_archive_that_unpacks_to_a_thousand_times_its_size(tmp_path, monkeypatch) -> None:
    archive(tmp_path / "a.npz", {"a": npy(np.zeros(1_000_000))})
    assert (tmp_path / "a.npz").stat().st_size < 20_000
    assert read_arrays(tmp_path / "a.npz", ("a",))[0].size == 1_000_000
    monkeypatch.setattr(array_archive, "MOST_BYTES", 1_000_000)
    with pytest.raises(PulsewrightError, match="1 arrays of 8000128 bytes when unpacked, at most"):
        read_arrays(tmp_path / "a.npz", ("a",))


def test_a_sparse_file(tmp_path) -> None:
    with (tmp_path / "a.npz").open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    with pytest.raises(OSError, match="at most 201326592 are read"):
        read_arrays(tmp_path / "a.npz", ("a",))
