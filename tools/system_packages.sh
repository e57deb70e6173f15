#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Looks for the system packages of the groups that are named, and installs what is missing where it
# may. Called by make for each target; done at once where everything is there.
#
#   python       for the virtual environment
#   simulators   Icarus, and what compiles Verilator's and our own C++; ccache where something is
#                installed anyway: with it Verilator's library is compiled once
#   firmware     GCC for RISC-V
#   browser      Chromium, in which tests open the report
#   cells        OpenSTA for MHz of standard cells, qflow for layouts in osu018
set -eu

python=${PYTHON:-python3}

fail() {
    echo "setup: $1" >&2
    exit 2
}

missing=
wished=
# need PROGRAM PACKAGE
need() {
    command -v "$1" >/dev/null 2>&1 || missing="$missing $2"
}

for group in "$@"; do
    case $group in
    python)
        if ! command -v "$python" >/dev/null 2>&1; then
            missing="$missing python3 python3-venv python3-dev"
        elif ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
            missing="$missing python3-venv"
        fi
        ;;
    simulators)
        need iverilog iverilog
        need g++ g++
        need make make
        need perl perl
        command -v ccache >/dev/null 2>&1 || wished=ccache
        # Waveforms of Verilator are compressed; a library has no program to look for.
        [ -e /usr/include/lz4.h ] || missing="$missing liblz4-dev"
        ;;
    firmware)
        command -v riscv32-unknown-elf-gcc >/dev/null 2>&1 ||
            command -v riscv-none-elf-gcc >/dev/null 2>&1 ||
            need riscv64-unknown-elf-gcc gcc-riscv64-unknown-elf
        ;;
    browser)
        command -v chromium-browser >/dev/null 2>&1 || need chromium chromium
        ;;
    cells)
        need sta opensta
        need qflow "qflow qflow-tech-osu018"
        ;;
    *) fail "no group is named '$group'; use python, simulators, firmware, browser or cells" ;;
    esac
done
[ -n "$missing" ] || exit 0

command -v apt-get >/dev/null 2>&1 ||
    fail "install these with your package manager, then call make again (Debian's names):$missing"
sudo=
if [ "$(id -u)" != 0 ]; then
    if command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
        sudo="sudo -n"
    else
        fail "install these system packages, then call make again: sudo apt-get install$missing"
    fi
fi
missing="$missing $wished"
echo "setup: installing system packages:$missing"
$sudo apt-get update -qq || fail "apt-get update failed; check the network, then call make again"
# shellcheck disable=SC2086
DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends $missing \
    >/dev/null || fail "apt-get could not install$missing; install them by hand"
