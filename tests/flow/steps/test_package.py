# SPDX-License-Identifier: Apache-2.0
import subprocess
from pathlib import Path

import pytest

from pulsewright.hls_model.files.checksums import is_intact
from pulsewright.sim.simulators import Simulator, check_installed
from tests.flow.conftest import invoke


def rtl(folder: Path) -> str:
    result = invoke("rtl", folder / "tiny.toml", "--build", folder / "build")
    assert result.exit_code == 0, result.output
    return " ".join(result.output.split())


def package(folder: Path) -> Path:
    return folder / "build" / "tiny" / "rtl" / "package"


def run_bench(folder: Path) -> "subprocess.CompletedProcess[str]":
    """By the line that the package's page gives, as a user types it."""
    return subprocess.run(
        "iverilog -g2005 -o bench.vvp -f tiny_tb.f && vvp -n bench.vvp",
        shell=True,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_run_leaves_a_package_whose_bench_passes(finished_copy: Path) -> None:
    check_installed(Simulator.ICARUS)
    folder = package(finished_copy)
    assert is_intact(folder)
    verilog = folder / "hdl" / "tiny_obi.v"
    assert verilog.read_bytes() == (folder.parent / "tiny_obi.v").read_bytes()
    run = run_bench(folder)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "PASS: " in run.stdout


@pytest.mark.regression
@pytest.mark.parametrize("bus", ["pcpi", "cv_x_if", "cv_x_if_v1"])
def test_an_instruction_has_a_package_too(finished_copy: Path, bus: str) -> None:
    check_installed(Simulator.ICARUS)
    with (finished_copy / "tiny.toml").open("a", encoding="utf-8") as recipe:
        recipe.write(f'\n[attachment]\nbus = "{bus}"\n')
    assert f"tiny_{bus}.v" in rtl(finished_copy)
    folder = package(finished_copy)
    assert is_intact(folder)
    assert (folder / "firmware" / "tiny_example.c").exists()
    run = run_bench(folder)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "PASS: " in run.stdout


def test_a_finished_package_is_not_made_again(finished_copy: Path) -> None:
    (package(finished_copy) / "notes.txt").write_text("a user's own file")
    assert "package " not in rtl(finished_copy).replace("package: ", "")
    assert (package(finished_copy) / "notes.txt").exists()


@pytest.mark.parametrize("path", ["tiny.core", "SHA256SUMS", "registers/tiny.html"])
def test_a_damaged_package_is_made_again(finished_copy: Path, path: str) -> None:
    expected = (package(finished_copy) / path).read_bytes()
    (package(finished_copy) / path).write_bytes(b"damaged")
    said = rtl(finished_copy)
    assert "rtl " not in said, "the Verilog stays"
    assert "files: " in said
    assert is_intact(package(finished_copy))
    assert (package(finished_copy) / path).read_bytes() == expected


def test_other_verilog_makes_another_package(finished_copy: Path) -> None:
    recipe = finished_copy / "tiny.toml"
    recipe.write_text(recipe.read_text().replace("pe = 2", "pe = 5"))
    before = (package(finished_copy) / "SHA256SUMS").read_bytes()
    rtl(finished_copy)
    assert is_intact(package(finished_copy))
    assert (package(finished_copy) / "SHA256SUMS").read_bytes() != before


def test_an_interrupted_step_leaves_the_old_package(
    finished_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (package(finished_copy) / "README.md").read_bytes()
    (package(finished_copy) / "tiny.core").unlink()

    def broken(*arguments: object, **names: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("pulsewright.rtl.package.assemble.register_page", broken)
    result = invoke("rtl", finished_copy / "tiny.toml", "--build", finished_copy / "build")
    assert result.exit_code == 130
    assert (package(finished_copy) / "README.md").read_bytes() == before
    monkeypatch.undo()
    rtl(finished_copy)
    assert is_intact(package(finished_copy))


@pytest.mark.regression
def test_tables_in_files_are_generated_simulated_and_packaged(finished_copy: Path) -> None:
    check_installed(Simulator.ICARUS)
    recipe, build = finished_copy / "tiny.toml", finished_copy / "build"
    with recipe.open("a", encoding="utf-8") as file:
        file.write("\n[engine]\nweight_files = true\n")
    result = invoke("sim", recipe, "--build", build)
    assert result.exit_code == 0, result.output
    assert "0 mismatches" in result.output
    assert is_intact(build / "tiny" / "rtl" / "hex")
    rtl(finished_copy)
    folder = package(finished_copy)
    tables = sorted(path.name for path in (folder / "hex").iterdir())
    assert tables == sorted(path.name for path in (folder.parent / "hex").glob("*.hex"))
    assert {name.partition("_")[0] for name in tables} == {"tiny"}
    run = run_bench(folder)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "PASS: " in run.stdout
    # The bench is of these tables.
    (table,) = folder.glob("hex/tiny_obi*layer1_weight_rom.hex")
    table.write_text("".join(f"{'0' * len(word)}\n" for word in table.read_text().split()))
    assert "FAIL" in run_bench(folder).stdout
    recipe.write_text(recipe.read_text().replace("weight_files = true", "weight_files = false"))
    rtl(finished_copy)
    assert not (folder.parent / "hex").exists()
