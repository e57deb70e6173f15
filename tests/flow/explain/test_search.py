# SPDX-License-Identifier: Apache-2.0
import pytest

from pulsewright.flow.explain import search
from pulsewright.flow.explain.registers import registers
from pulsewright.flow.explain.search import find
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.python_packages import MissingPackageError


def names(name: str) -> list[str]:
    return [one.name for one in find(name).entries]


def test_every_name_finds_itself() -> None:
    for kind in search.KINDS:
        for one in search.of_kind(kind):
            assert one in find(one.name).entries


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("engine.pipeline", ["engine.pipeline"]),
        ("[engine]", ["engine"]),
        ("[[folding]]", ["folding"]),
        ("pipeline", ["engine.pipeline"]),
        ("status.busy", ["STATUS.BUSY"]),
        ("accuracy.rows.float", ["accuracy.<split>.float"]),
        ("energy[].tier", ["energy[].tier"]),
        ("energy.tier", ["energy[].tier"]),
    ],
)
def test_names_as_people_write_them(name: str, found: list[str]) -> None:
    assert names(name) == found


def test_a_name_of_several_kinds_finds_them_all() -> None:
    assert {one.kind for one in find("data.source").entries} == {"recipe key", "study key"}
    assert {"bits.weights", "engine.weights", "grid.weights", "WEIGHTS"} <= set(names("weights"))


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("engine.pipelin", "'engine.pipeline'"),
        ("STATUS.BUZY", "'STATUS.BUSY'"),
        ("cycle.ii", "'cycles.ii'"),
    ],
)
def test_an_unknown_name_is_told_with_the_nearest(name: str, meant: str) -> None:
    with pytest.raises(PulsewrightError, match=f"nothing is called '{name}'; did you mean {meant}"):
        find(name)
    with pytest.raises(PulsewrightError, match="nothing is called '---'; `pulsewright explain`"):
        find("---")


def test_keys_are_explained_without_the_package_of_registers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def missing() -> None:
        raise MissingPackageError(["systemrdl"])

    assert registers()
    monkeypatch.setattr(search, "registers", missing)
    assert names("engine.pipeline") == ["engine.pipeline"]
    with pytest.raises(MissingPackageError, match="systemrdl-compiler is not installed"):
        find("STATUS")
