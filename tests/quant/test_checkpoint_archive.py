# SPDX-License-Identifier: Apache-2.0
import io
import zipfile
from pathlib import Path

import pytest
import torch

from pulsewright.quant.checkpoint_archive import MOST_BYTES, is_plain, read_archive


def saved(path: Path, document: object) -> Path:
    torch.save(document, path)
    return path


def repacked(path: Path, change) -> Path:
    """The archive at `path` with its description changed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(buffer, "w") as new:
        for member in old.infolist():
            data = old.read(member)
            new.writestr(
                member.filename, change(data) if member.filename.endswith(".pkl") else data
            )
    path.write_bytes(buffer.getvalue())
    return path


def test_tensors_and_what_is_around_them(tmp_path) -> None:
    document = {
        "sizes": [6, 4],
        "state": {"a": torch.arange(6.0), "b": torch.ones((), dtype=torch.bool)},
    }
    loaded = read_archive(saved(tmp_path / "a.pt", document))
    assert loaded["sizes"] == [6, 4]
    assert torch.equal(loaded["state"]["a"], torch.arange(6.0))


def test_a_sparse_file_is_refused_by_its_size(tmp_path) -> None:
    with (tmp_path / "a.pt").open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    with pytest.raises(OSError, match="It has 268435457 bytes"):
        read_archive(tmp_path / "a.pt")


def test_a_compressed_archive_is_refused(tmp_path) -> None:
    path = saved(tmp_path / "a.pt", {"a": torch.zeros(100_000)})
    buffer = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            new.writestr(member.filename, old.read(member))
    path.write_bytes(buffer.getvalue())
    with pytest.raises(ValueError, match="is compressed"):
        read_archive(path)


def test_a_callable_that_allocates_is_refused(tmp_path) -> None:
    """Torch itself lets a checkpoint call `bytearray` with any size."""
    path = saved(tmp_path / "a.pt", {"a": bytearray(3)})
    with pytest.raises(ValueError, match=r"names .*bytearray"):
        read_archive(path)
    attack = b"\x80\x02cbuiltins\nbytearray\nJ\xff\xff\xff\x7f\x85R."
    with pytest.raises(ValueError, match="names 'builtins bytearray'"):
        read_archive(repacked(path, lambda _: attack))


def test_a_tensor_of_more_values_than_it_has_memory_is_not_plain() -> None:
    assert is_plain(torch.zeros(3, 2))
    assert is_plain(torch.tensor(1.0))
    assert not is_plain(torch.zeros(1).expand(10**9))
    assert not is_plain(torch.zeros(3, 2).to_sparse())
    assert not is_plain([1.0])
