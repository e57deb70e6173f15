# SPDX-License-Identifier: Apache-2.0
"""The step that plants faults in the coprocessor's Verilog and counts which of them benches see."""

import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from pydantic import JsonValue

from pulsewright.flow.build_folder import file_digest
from pulsewright.flow.code_digest import code_digest
from pulsewright.flow.progress import progress_bar
from pulsewright.flow.results_file import left_result
from pulsewright.flow.steps.mutation_result import (
    BenchKind,
    JudgedMutant,
    MutationChoice,
    MutationResult,
)
from pulsewright.flow.steps.step import FRAME
from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.atomic_write import write_text
from pulsewright.quant.studies.journal import Journal, Row
from pulsewright.sim.bench_names import coprocessor_benches
from pulsewright.sim.mutants.verdict import MutantBench, Verdict
from pulsewright.sim.simulators import Simulator, check_installed, simulator_environment
from pulsewright.synth.mutants.equivalence import is_proven_equivalent
from pulsewright.synth.mutants.mutant import Mutant
from pulsewright.synth.mutants.planting import PLANTED, plant

_SIMULATORS = {BenchKind.PACKAGE: Simulator.ICARUS, BenchKind.COCOTB: Simulator.VERILATOR}


def mutation_folder(workspace: Workspace) -> Path:
    """Where scripts, logs and the result are."""
    return workspace.folder / "mutation"


def mutation_file(workspace: Workspace) -> Path:
    """Where the result is kept."""
    return mutation_folder(workspace) / "mutation.json"


def check_mutation(workspace: Workspace, choice: MutationChoice) -> None:
    """See that it can be done here.

    Raises:
        PulsewrightError: a simulator is missing, or the Verilog reads files.
    """
    if workspace.recipe.engine.weight_files:
        raise PulsewrightError(
            "weight_files = true: faults are planted in Verilog that stands alone; leave it out "
            "for pulsewright mutate"
        )
    for kind in choice.benches:
        with simulator_environment(_SIMULATORS[kind]):
            check_installed(_SIMULATORS[kind])


def judge_mutants(
    workspace: Workspace, choice: MutationChoice, only: Sequence[int] = ()
) -> MutationResult:
    """Plant, let each bench look for every fault, and try to prove the rest harmless.

    Verdicts are kept as they come: a run that was stopped goes on where it was. only: numbers of
    the faults that are looked for, such as survivors of a run before; the file of the result is
    then left as it is. All of them if empty.

    Raises:
        PulsewrightError: a bench fails on the design without a fault, or cannot be built; or there
            is no fault of such a number.
    """
    verilog, folder = workspace.verilog(workspace.bus), mutation_folder(workspace)
    if not only:
        mutation_file(workspace).unlink(missing_ok=True)
    workspace.say(f"mutation  {workspace.recipe.name}: planting {choice.mutants} faults")
    text = verilog.read_text(encoding="utf-8")
    planted = plant(
        text, verilog.stem, choice.mutants, choice.seed, folder / "planted", choice.parts
    )
    mutants = named_mutants(planted, only)
    made_from = mutation_origin(workspace, choice)
    with Journal.open(folder / "verdicts.jsonl", made_from) as journal:
        verdicts = {
            kind: _judged(workspace, kind, choice, mutants, journal) for kind in choice.benches
        }
        harmless = _harmless(workspace, mutants, verdicts, choice.jobs, journal)
    result = MutationResult(
        choice=choice,
        made_from=made_from,
        mutants=tuple(
            JudgedMutant(
                mutant=mutant,
                verdicts={kind: verdicts[kind][mutant.number] for kind in choice.benches},
                equivalent=mutant.number in harmless,
            )
            for mutant in mutants
        ),
    )
    if not only:
        write_text(mutation_file(workspace), json.dumps(result.model_dump(mode="json"), indent=1))
    return result


def named_mutants(mutants: Sequence[Mutant], only: Sequence[int]) -> tuple[Mutant, ...]:
    """Those with the numbers `only`; all if it is empty.

    Raises:
        PulsewrightError: there is none of such a number.
    """
    unknown = sorted(set(only) - {mutant.number for mutant in mutants})
    if unknown:
        raise PulsewrightError(
            f"--only {unknown[0]}: {len(mutants)} faults are planted, numbered from 1; choose one "
            "of these, with the --mutants and --seed of the run that told of it"
        )
    return tuple(mutant for mutant in mutants if not only or mutant.number in only)


def shown_mutation(workspace: Workspace) -> MutationResult | None:
    """What planted faults showed; None if it is not of this Verilog and this code."""
    found = left_result(mutation_file(workspace), MutationResult)
    files = workspace.verilog(workspace.bus), workspace.package_bench
    if found is None or not all(file.exists() for file in files):
        return None
    return found if found.made_from == mutation_origin(workspace, found.choice) else None


def mutation_origin(workspace: Workspace, choice: MutationChoice) -> dict[str, JsonValue]:
    """What verdicts are made from: digests of Verilog, bench and code, and what was asked for."""
    benches = coprocessor_benches(workspace.bus)
    return {
        "verilog": file_digest(workspace.verilog(workspace.bus)),
        "bench": file_digest(workspace.package_bench),
        "choice": choice.model_dump(mode="json", exclude={"benches", "jobs"}),
        "code": code_digest((__name__, *(one.module for one in benches)), FRAME),
    }


def _judged(
    workspace: Workspace,
    kind: BenchKind,
    choice: MutationChoice,
    mutants: Sequence[Mutant],
    journal: Journal,
) -> dict[int, Verdict]:
    """What the bench makes of each fault, by number."""
    keys = {mutant.number: f"{kind.value} {mutant.number}" for mutant in mutants}
    if not journal.rows.keys() >= set(keys.values()):
        workspace.say(f"mutation  {workspace.recipe.name}: building the {kind.value} bench")
        with _bench(workspace, kind, choice).opened() as bench:
            _complete(
                workspace,
                journal,
                f"{kind.value} bench",
                keys,
                lambda number: {"verdict": bench.verdict(number).value},
                choice.jobs,
            )
    return {number: Verdict(journal.rows[key]["verdict"]) for number, key in keys.items()}


def _harmless(
    workspace: Workspace,
    mutants: Sequence[Mutant],
    verdicts: Mapping[BenchKind, Mapping[int, Verdict]],
    jobs: int,
    journal: Journal,
) -> frozenset[int]:
    """Numbers of those that no bench saw and that are proven to change nothing."""
    unseen = {
        mutant.number: mutant
        for mutant in mutants
        if all(found[mutant.number] is Verdict.SURVIVED for found in verdicts.values())
    }
    keys = {number: f"proof {number}" for number in unseen}
    folder = mutation_folder(workspace) / "planted"
    _complete(
        workspace,
        journal,
        "proofs",
        keys,
        lambda number: {"equivalent": is_proven_equivalent(unseen[number], folder)},
        jobs,
    )
    return frozenset(number for number, key in keys.items() if journal.rows[key]["equivalent"])


def _complete(
    workspace: Workspace,
    journal: Journal,
    title: str,
    keys: Mapping[int, str],
    row_of: Callable[[int], Row],
    jobs: int,
) -> None:
    """Bring the journal's rows of these keys up to all."""
    left = [number for number, key in keys.items() if key not in journal.rows]
    with (
        progress_bar(workspace.console, title, "faults") as show,
        ThreadPoolExecutor(jobs) as pool,
    ):
        running = {pool.submit(row_of, number): number for number in left}
        try:
            for done, future in enumerate(as_completed(running), start=len(keys) - len(left) + 1):
                journal.append(keys[running[future]], future.result())
                show(done, len(keys))
        finally:
            # Those that have not begun would hold up the end.
            pool.shutdown(wait=False, cancel_futures=True)


def _bench(workspace: Workspace, kind: BenchKind, choice: MutationChoice) -> MutantBench:
    """The bench, on the planted design."""
    from pulsewright.flow.steps.corner_stimulus import corner_inputs
    from pulsewright.sim.mutants.cocotb_bench import CocotbBench
    from pulsewright.sim.mutants.package_bench import PackageBench

    folder = mutation_folder(workspace)
    planted = folder / "planted" / PLANTED
    if kind is BenchKind.PACKAGE:
        return PackageBench([planted, workspace.package_bench], folder / kind.value)
    inputs = corner_inputs(workspace, choice.rows, choice.seed)
    top, benches = workspace.verilog(workspace.bus).stem, coprocessor_benches(workspace.bus)
    return CocotbBench(planted, top, benches, inputs, folder / kind.value)
