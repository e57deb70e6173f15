#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes .venv with everything that the Makefile's targets need, and installs missing system packages
# where it may. Called by make; safe to call again.
set -eu

venv=.venv
python=${PYTHON:-python3}

fail() {
    echo "setup: $1" >&2
    exit 2
}

# program:package pairs; liblz4-dev has no program and is looked for by its header.
missing=
for pair in iverilog:iverilog g++:g++ make:make perl:perl \
    riscv64-unknown-elf-gcc:gcc-riscv64-unknown-elf; do
    command -v "${pair%%:*}" >/dev/null 2>&1 || missing="$missing ${pair#*:}"
done
[ -e /usr/include/lz4.h ] || missing="$missing liblz4-dev"
if ! command -v "$python" >/dev/null 2>&1; then
    missing="$missing python3 python3-venv python3-dev"
elif ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
    missing="$missing python3-venv"
fi

if [ -n "$missing" ]; then
    sudo=
    if [ "$(id -u)" != 0 ]; then
        if command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
            sudo="sudo -n"
        else
            fail "install these system packages, then call make again: sudo apt-get install$missing"
        fi
    fi
    command -v apt-get >/dev/null 2>&1 ||
        fail "install these programs with your package manager, then call make again:$missing"
    echo "setup: installing system packages:$missing"
    $sudo apt-get update -qq || fail "apt-get update failed; check the network, then call make again"
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends $missing \
        >/dev/null || fail "apt-get could not install$missing; install them by hand"
fi

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    fail "$python is older than 3.11; call make PYTHON=python3.11, or a newer one"

echo "setup: Python packages into $venv (some minutes the first time)"
[ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
pip="$venv/bin/python -m pip --disable-pip-version-check --quiet"
# Torch alone first: the constraint picks one build for everything that depends on it.
$pip install -c constraints.txt torch
$pip install -c constraints.txt -e '.[all,bench,dev]'
touch "$venv/.ready"
