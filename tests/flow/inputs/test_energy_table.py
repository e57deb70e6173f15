# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest

from pulsewright.flow.inputs.energy_table import named_table
from pulsewright.hls_model.energy import table as energy_table
from pulsewright.hls_model.errors import PulsewrightError

SHIPPED = Path(energy_table.__file__).parent / "tables"
TEXT = (SHIPPED / "aladdin_40nm.toml").read_text()


def test_a_name_or_a_file() -> None:
    assert named_table("han_45nm").name == "han_45nm"
    assert named_table(str(SHIPPED / "han_45nm.toml")) == named_table("han_45nm")


def test_a_table_with_the_least_that_a_table_needs(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        'name = "mine"\nnode = "28 nm"\nsupply = "1 V"\nsource = "a report"\n'
        '[fit]\nsource = "Table 1"\nadd_linear = 0.002\nmultiply_quadratic = 0.001\n'
    )
    table = named_table(str(path))
    assert (table.operating_point, table.sram, table.register_access) == ("28 nm, 1 V", (), ())


def test_neither_name_nor_file(tmp_path: Path) -> None:
    with pytest.raises(PulsewrightError, match="no energy table named 'none'; choose one of"):
        named_table("none")
    missing = tmp_path / "none.toml"
    with pytest.raises(PulsewrightError, match=r"cannot read energy table .*none\.toml"):
        named_table(str(missing))
    with pytest.raises(PulsewrightError, match="cannot read energy table"):
        named_table(str(tmp_path))


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        (
            "picojoule = 0.21",
            "picojoule = 0.0",
            "[[add]] 1: picojoule = 0.0; give a number greater",
        ),
        ("picojoule = 0.21", "picojoule = -0.21", "[[add]] 1: picojoule = -0.21"),
        ("picojoule = 0.21", "picojoule = nan", "[[add]] 1: picojoule = "),
        ("picojoule = 0.21", "picojoule = inf", "[[add]] 1: picojoule = "),
        ("picojoule = 0.21", "picojoule = 1e300", "[[add]] 1: picojoule = "),
        ("picojoule = 0.21", "picojoule = true", "[[add]] 1: picojoule = "),
        ("picojoule = 0.21", 'picojoule = "much"', "[[add]] 1: picojoule = 'much'; give a number"),
        ("picojoule = 0.21", "", "key 'picojoule' in [[add]] 1 is missing; add it"),
        ("bits = 32\npicojoule = 0.21", "bits = 0\npicojoule = 0.21", "[[add]] 1: bits = 0"),
        ("bits = 32\npicojoule = 0.21", "bit = 32\npicojoule = 0.21", "did you mean 'bits'?"),
        ('node = "40 nm"', "", "key 'node' is missing"),
        ('supply = "supply not stated"', "", "key 'supply' is missing"),
        ('node = "40 nm"', 'node = ""', "node = ''"),
        ("[fit]", "[fits]", "unknown key 'fits'; did you mean 'fit'?"),
        ("add_linear = 0.0065625", "", "key 'fit.add_linear' is missing"),
        ("access_bits = 64", "access_bits = -64", "[[sram]] 1: access_bits = -64"),
        (
            'access = "write"',
            'access = "erase"',
            "[[register]] 1: access = 'erase'; choose",
        ),
        ('access = "write"', 'access = "read"', "register has two entries for read"),
        ("bytes = 8192", "bytes = 2048", "sram has two entries for 2048; keep one of them"),
        ("[[add]]", "[add]", "add"),
        ("[[add]]", "[[add", "is not TOML"),
    ],
)
def test_a_faulty_table_is_refused_and_the_key_named(
    tmp_path: Path, before: str, after: str, message: str
) -> None:
    assert before in TEXT
    path = tmp_path / "faulty.toml"
    path.write_text(TEXT.replace(before, after, 1))
    with pytest.raises(PulsewrightError) as raised:
        named_table(str(path))
    assert message in str(raised.value)
    assert "faulty.toml" in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_table_that_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "binary.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(PulsewrightError, match="is not TOML"):
        named_table(str(path))


def test_a_device_is_no_table() -> None:
    with pytest.raises(PulsewrightError, match=r"table /dev/zero: It is a pipe or a device"):
        named_table("/dev/zero")
