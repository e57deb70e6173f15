# SPDX-License-Identifier: Apache-2.0
# Every target does its own set-up: a virtual environment in .venv and, where it may, system
# packages through apt.

BIN := .venv/bin
RECIPE ?= recipes/a1_int8.toml
TEST_JOBS ?= 2
# A worker a core: threads of Torch and BLAS beside them wait for one another most of the time.
ONE_THREAD := OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1

.DEFAULT_GOAL := help
.PHONY: help setup run soc closed-loop docs test regression lint licences plan reference format
.PHONY: bench bench-soc bench-driver bench-gates bench-peers bench-public clean
.PHONY: simulators firmware browser cells sbom extras notebook pictures

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## */\t/' | expand -t 14

setup: simulators firmware .venv/.ready  ## the virtual environment and missing system packages

.venv/.ready: pyproject.toml constraints.txt tools/setup.sh
	@sh tools/system_packages.sh python
	@sh tools/setup.sh

# Each target asks for the system packages that it needs itself, before anything is downloaded.
simulators:
	@sh tools/system_packages.sh simulators

firmware:
	@sh tools/system_packages.sh firmware

browser:
	@sh tools/system_packages.sh browser

cells:
	@sh tools/system_packages.sh cells

run: simulators .venv/.ready  ## the whole flow on RECIPE (recipes/a1_int8.toml)
	@$(BIN)/pulsewright run $(RECIPE)

soc: simulators firmware .venv/.ready  ## firmware on Ibex, PicoRV32 and CV32E40X with the coprocessor of RECIPE
	@$(BIN)/pulsewright soc $(RECIPE) --core ibex --attachment obi
	@$(BIN)/pulsewright soc $(RECIPE) --core picorv32 --attachment pcpi
	@$(BIN)/pulsewright soc $(RECIPE) --core picorv32 --attachment obi
	@$(BIN)/pulsewright soc $(RECIPE) --core picorv32 --attachment pcpi --simulator icarus
	@$(BIN)/pulsewright soc $(RECIPE) --core cv32e40x --attachment cv_x_if
	@$(BIN)/pulsewright soc $(RECIPE) --core cv32e40x --attachment obi

closed-loop: simulators firmware .venv/.ready  ## all measured trials of the closed loop on Ibex, every decision beside Python's
	@$(BIN)/pulsewright demonstrator recipes/history_int8.toml --core ibex --all-trials
	@$(BIN)/pulsewright demonstrator recipes/history_int8.toml --core ibex --all-trials --memory

test: simulators firmware .venv/.ready  ## all tests but the long ones
	@$(ONE_THREAD) $(BIN)/python -m pytest -q -n $(TEST_JOBS) --dist worksteal -m "not regression" --plan

regression: simulators firmware browser cells .venv/.ready .venv/.docs .venv/.litex .venv/.formal .venv/librelane/.ready  ## the long tests; a second call goes on behind what passed
	@$(ONE_THREAD) $(BIN)/python -m pytest -q -n $(TEST_JOBS) --dist worksteal -m regression \
		--journal=build/regression.jsonl

lint: .venv/.ready  ## formatting, lint, types, import floors, licences
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python tools/licences.py --check

licences: .venv/.ready  ## docs/licences.md from the installed packages
	@$(BIN)/python tools/licences.py

sbom: .venv/.release  ## build/sbom.cdx.json: packages of an installation, with versions and licences
	@$(BIN)/python tools/sbom.py build/sbom.cdx.json

extras: .venv/.ready  ## docs/extras.md: what each extra of pip install brings, measured here
	@$(BIN)/python tools/extras.py

pictures: simulators browser .venv/.docs  ## pictures of reports in docs/, by the test that opens the reports
	@$(BIN)/python -m pytest -q -m regression tests/flow/report/page/test_docs_pictures.py --docs-pictures

notebook: simulators .venv/.ready  ## docs/first_hour.ipynb with what its cells print and draw
	@$(BIN)/python tools/notebook.py

plan: .venv/.ready  ## docs/test-plan.md from tests/plan/plan.toml
	@$(BIN)/python tools/plan_page.py

reference: .venv/.ready  ## docs/recipe-keys.md and docs/report-fields.md from the models
	@$(BIN)/python tools/reference_pages.py

format: .venv/.ready  ## format and mend what ruff can
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: simulators .venv/.ready  ## speed of reference, generator, simulators and sweeps, as ratios of one run
	@$(ONE_THREAD) $(BIN)/python -m bench.speed
	@$(ONE_THREAD) $(BIN)/python -m bench.generation
	@$(ONE_THREAD) $(BIN)/python -m bench.sweep

bench-soc: simulators firmware .venv/.ready  ## cycles of RECIPE's network on every core beside the best software
	@$(BIN)/python -m bench.soc $(RECIPE)

bench-driver: firmware .venv/.ready  ## bytes of the driver on RV32I, RV32IC and RV32IMC
	@$(BIN)/python -m bench.driver_sizes

bench-public: simulators .venv/.ready  ## networks in the folder PULSEWRIGHT_MODELS from file to both simulators
	@$(BIN)/python -m bench.public_networks "$${PULSEWRIGHT_MODELS:?name the folder of the files}"

bench-peers: simulators .venv/.ready .venv/.peers  ## hls4ml, da4ml and FINN's estimates on the same networks, beside ours
	@$(BIN)/pulsewright quantise recipes/a1_int8.toml
	@$(ONE_THREAD) $(BIN)/python -m bench.peers
	@$(ONE_THREAD) PYTHONPATH=.venv/finn $(BIN)/python -m bench.peer_shapes

bench-gates: cells .venv/.ready .venv/.peers  ## da4ml's Verilog of A1 and our engines through the same scripts, for TARGET
	@$(BIN)/pulsewright quantise recipes/a1_int8.toml
	@$(BIN)/python -m bench.gates_of_peers --target $(or $(TARGET),ecp5) $(if $(filter sg13g2 osu018,$(TARGET)),--energy)

# finn-plus asks for other versions of packages than its peers; its estimates need none of these.
.venv/.peers: pyproject.toml constraints.txt .venv/.ready
	@$(BIN)/python -m pip --disable-pip-version-check --quiet install -c constraints.txt \
		-e '.[peers]'
	@$(BIN)/python -m pip --disable-pip-version-check --quiet install --upgrade --no-deps \
		--target .venv/finn finn-plus==1.6.1 scipy==1.17.1 || echo "no finn-plus here: its rows stay empty"
	@touch $@

.venv/.litex: pyproject.toml constraints.txt .venv/.ready
	@$(BIN)/python -m pip --disable-pip-version-check --quiet install -c constraints.txt \
		-e '.[litex]'
	@touch $@

.venv/.release: pyproject.toml constraints.txt .venv/.ready
	@$(BIN)/python -m pip --disable-pip-version-check --quiet install -c constraints.txt \
		-e '.[release]'
	@touch $@

.venv/.docs: pyproject.toml constraints.txt .venv/.ready
	@$(BIN)/python -m pip --disable-pip-version-check --quiet install -c constraints.txt \
		-e '.[docs]'
	@touch $@

.venv/.formal: pyproject.toml constraints.txt .venv/.ready
	@$(BIN)/python -m pip --disable-pip-version-check --quiet install -c constraints.txt \
		-e '.[formal]'
	@touch $@

# LibreLane brings KLayout, which is GPL, and other versions of what the project needs: it has an
# environment of its own, which tests alone use.
.venv/librelane/.ready: .venv/.ready
	@$(BIN)/python -m venv .venv/librelane
	@.venv/librelane/bin/python -m pip --disable-pip-version-check --quiet install \
		librelane==3.0.17 || echo "no LibreLane here: tests that ask it are skipped"
	@touch $@

docs: .venv/.docs  ## the pages of docs/ as a site: build/site/index.html
	@NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --quiet

clean:  ## remove what was built, but not .venv
	@rm -rf build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
