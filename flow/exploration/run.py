# SPDX-License-Identifier: Apache-2.0
"""An exploration from its plan to its result: training, Verilog, synthesis, the front."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from rich.console import Console

from pulsewright.flow.errors import VerificationError
from pulsewright.flow.exploration.front import mark_front, objectives_of
from pulsewright.flow.exploration.measured_designs import measured_designs
from pulsewright.flow.exploration.parallel import in_parallel
from pulsewright.flow.exploration.plan import PlannedNetwork, PlannedVariant, folder_name
from pulsewright.flow.exploration.training import explored_network, train
from pulsewright.flow.foldings import folded_name, give_model, write_folded_recipe
from pulsewright.flow.order import RTL
from pulsewright.flow.progress import progress_bar
from pulsewright.flow.report.exploration_table import shown_sentence
from pulsewright.flow.report.gate_energy_tables import duty_costs
from pulsewright.flow.report.peers import known_peers
from pulsewright.flow.report.synthesis_figures import synthesis_figures
from pulsewright.flow.steps.cells import ChosenCells
from pulsewright.flow.steps.cycle_check import curve_formula
from pulsewright.flow.steps.exploration_result import (
    EXPLORATION,
    Exploration,
    ExploredNetwork,
    ExploredPeer,
    ExploredVariant,
    State,
    exploration_folder,
)
from pulsewright.flow.steps.gate_energy import can_tell_energy
from pulsewright.flow.steps.packages import GENERATOR
from pulsewright.flow.steps.synthesis_result import RANDOM_ROWS, SynthesisShown
from pulsewright.flow.steps.synthesise import Chosen, measure
from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.atomic_write import write_text
from pulsewright.hls_model.files.fresh_folder import fresh_folder
from pulsewright.hls_model.python_packages import MissingPackageError
from pulsewright.hls_model.shortened import one_line
from pulsewright.synth.energy.duty_cycle import DutyCost

RECIPES = "recipes"


@dataclass
class ExplorationRun:
    """An exploration under way.

    workspace: the recipe's own. rows: whose energy is counted, of each variant. jobs: variants that
    are synthesised at a time. with_peers: designs of others, where there are any of the same sizes.
    shown: what synthesis showed of each variant that is measured, by its place.
    """

    workspace: Workspace
    networks: Sequence[PlannedNetwork]
    chosen: Chosen
    rows: int
    jobs: int = 1
    with_peers: bool = True

    def __post_init__(self) -> None:
        self.plan = [one for network in self.networks for one in network.variants]
        self.variants = [_variant(one, len(self.networks) > 1) for one in self.plan]
        self.variants += [_impossible(one) for one in self.networks if one.workspace is None]
        self.shown: dict[int, SynthesisShown] = {}
        self.explored: dict[str, ExploredNetwork] = {}

    @property
    def folder(self) -> Path:
        """Where its results are."""
        return exploration_folder(self.workspace, self.chosen.name)

    def duty_costs(self) -> dict[str, DutyCost]:
        """Of each engine whose rows ran, with a clock that stops between inferences."""
        return {
            self.variants[place].name: duty_costs(cells.energy)["stopped"]
            for place, shown in sorted(self.shown.items())
            for cells in shown.cells
            if cells.energy is not None and RANDOM_ROWS in cells.energy.runs
        }

    def run(self) -> Exploration:
        """Train, generate and measure whatever is not done; what was found, which a file keeps.

        Raises:
            PulsewrightError: a package or tool is missing, or no variant could be measured.
            VerificationError: a result of gates differs from the integer model.
        """
        train(self.workspace, self.networks, (*GENERATOR, *self.chosen.packages))
        self.explored = {
            one.name: explored_network(one.workspace)
            for one in self.networks
            if one.workspace is not None and any(variant.workspace for variant in one.variants)
        }
        self._generate()
        self._measure()
        if not self.shown:
            raise PulsewrightError(next(one.reason for one in self.variants if one.reason))
        result = self._result()
        self._write_winners(result)
        self._write(result)
        return result

    def _generate(self) -> None:
        trained = {one.name: one.workspace for one in self.networks}
        for place, variant in self._open_variants():
            source = trained[variant.network]
            assert source is not None
            assert variant.workspace is not None
            try:
                give_model(source, variant.workspace)
                RTL.take(variant.workspace)
            except MissingPackageError:
                raise
            except PulsewrightError as error:
                self._close(place, "impossible", error)

    def _open_variants(self) -> list[tuple[int, PlannedVariant]]:
        return [
            (place, variant)
            for place, variant in enumerate(self.plan)
            if self.variants[place].state == "pending"
        ]

    def _close(self, place: int, state: State, error: PulsewrightError) -> None:
        changes = {"state": state, "reason": one_line(str(error))}
        self.variants[place] = self.variants[place].model_copy(update=changes)

    def _measure(self) -> None:
        open_variants = self._open_variants()
        tasks = [partial(self._measured, variant) for _, variant in open_variants]
        title = f"synthesis for {self.chosen.name}"
        with progress_bar(self.workspace.console, title, "variants") as show:
            show(0, len(tasks))
            for done, (task, outcome) in enumerate(in_parallel(tasks, self.jobs), start=1):
                place, variant = open_variants[task]
                self._take(place, variant, outcome)
                show(done, len(tasks))
                said = shown_sentence(self.variants[place])
                self.workspace.say(f"synth     {said} ({done} of {len(tasks)})")
                self._write(self._result())

    def _measured(self, variant: PlannedVariant) -> SynthesisShown:
        workspace = variant.workspace
        assert workspace is not None
        # One bar tells of all variants.
        workspace.console = Console(quiet=True)
        rows = self.rows if can_tell_energy(workspace) else 0
        return measure(workspace, self.chosen, rows)

    def _take(
        self, place: int, variant: PlannedVariant, outcome: SynthesisShown | Exception
    ) -> None:
        workspace = variant.workspace
        assert workspace is not None
        if isinstance(outcome, PulsewrightError) and not isinstance(
            outcome, (VerificationError, MissingPackageError)
        ):
            self._close(place, "failed", outcome)
            return
        if isinstance(outcome, Exception):
            raise outcome
        self.shown[place] = outcome
        folded = workspace.folded
        curve = curve_formula(workspace.model, folded, workspace.bus_options)
        changes = {
            "state": "measured",
            "multipliers": folded.multipliers,
            "initiation_interval": folded.initiation_interval,
            "latency": folded.latency,
            "curve_cycles": curve,
            "designs": measured_designs(outcome, folded, curve),
        }
        self.variants[place] = self.variants[place].model_copy(update=changes)

    def _result(self) -> Exploration:
        """What is known by now, fronts among it."""
        variants = [one.model_copy(deep=True) for one in self.variants]
        objectives = objectives_of(variants)
        mark_front(variants, self.explored, objectives)
        every = self.shown.values()
        return Exploration(
            recipe=self.workspace.recipe.name,
            target=self.chosen.name,
            title=_title(self.chosen),
            is_cells=isinstance(self.chosen, ChosenCells),
            command=self.workspace.options.command,
            versions={name: one for shown in every for name, one in _versions(shown).items()},
            objectives=objectives,
            networks=self.explored,
            variants=variants,
            peers=self._peers(),
        )

    def _peers(self) -> list[ExploredPeer]:
        sizes = [one.sizes for one in self.explored.values()]
        return known_peers(self.chosen.name, sizes) if self.with_peers else []

    def _write_winners(self, result: Exploration) -> None:
        folder = fresh_folder(self.folder / RECIPES)
        for plan, variant in zip(self.plan, result.variants, strict=False):
            if plan.workspace is not None and any(one.on_front for one in variant.designs):
                ending = plan.workspace.folder.path.parent.name
                if len(self.networks) > 1:
                    ending = f"{folder_name(variant.network)}_{ending}"
                name = folded_name(self.workspace.recipe.name, ending)
                variant.recipe = write_folded_recipe(plan.workspace, name, folder).name

    def _write(self, result: Exploration) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        write_text(self.folder / EXPLORATION, result.model_dump_json(indent=1) + "\n")


def _variant(plan: PlannedVariant, with_network: bool) -> ExploredVariant:
    choice = plan.choice
    return ExploredVariant(
        name=f"{plan.network}: {plan.name}" if with_network else plan.name,
        state="pending" if plan.workspace is not None else "impossible",
        reason=one_line(plan.reason),
        network=plan.network,
        multipliers=choice.multipliers,
        pipeline=choice.pipeline,
        weights=choice.weights,
        incremental=choice.incremental,
        curve=choice.curve,
    )


def _impossible(network: PlannedNetwork) -> ExploredVariant:
    return ExploredVariant(
        name=network.name,
        state="impossible",
        reason=one_line(network.reason),
        network=network.name,
        pipeline="deep",
        weights="constant",
    )


def _title(chosen: Chosen) -> str:
    if isinstance(chosen, ChosenCells):
        return chosen.technology.title
    return f"{chosen.target.title}, {chosen.device.title}"


def _versions(shown: SynthesisShown) -> dict[str, str]:
    every = [figures["versions"] for figures in synthesis_figures(shown)]
    return {name: version for versions in every for name, version in versions.items()}
