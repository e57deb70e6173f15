# SPDX-License-Identifier: Apache-2.0
"""The command that says what a file of another tool is, and writes a recipe for it."""

from pathlib import Path
from typing import Annotated

import typer

from pulsewright.flow.commands import completion
from pulsewright.flow.commands.guarded import guarded
from pulsewright.flow.commands.options import AsJson
from pulsewright.flow.inputs.imported_recipe import USUAL_INTERVAL, recipe_name, recipe_text
from pulsewright.flow.output import Output, command_output
from pulsewright.flow.recipe import load_recipe
from pulsewright.flow.report.import_tables import (
    cost_table,
    decimals_of,
    intervals_to_show,
    layer_table,
)
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.exact.finished import ImportedModel
from pulsewright.hls_model.exact.input_format import InputFormat, parse_input_format
from pulsewright.hls_model.files.atomic_write import write_new_text
from pulsewright.hls_model.importer import ImportChoices, import_model
from pulsewright.hls_model.reference.network_output import OutputKind
from pulsewright.hls_model.schedule.folding_search import cheapest_folding
from pulsewright.hls_model.shortened import shortened

MOST_SHOWN = 4


@guarded
def import_file(
    file: Annotated[
        Path,
        typer.Argument(
            help="ONNX (.onnx) or TFLite (.tflite) file.", autocompletion=completion.models
        ),
    ],
    output_kind: Annotated[
        OutputKind, typer.Option("--output", help="What the coprocessor hands on.")
    ] = OutputKind.ACCUMULATOR,
    codes: Annotated[
        str | None,
        typer.Option(
            "--input",
            metavar="FORMAT",
            help="Of inputs that the file does not quantise: s16.10, bipolar.",
        ),
    ] = None,
    initiation_interval: Annotated[
        int, typer.Option("--ii", min=1, help="Cycles a vector in the recipe that is written.")
    ] = USUAL_INTERVAL,
    to: Annotated[
        Path, typer.Option("--to", metavar="FOLDER", help="Where the recipe goes.")
    ] = Path(),
    as_json: AsJson = False,
) -> None:
    """Say what a quantised network of another tool is and costs, and write a recipe for it."""
    choices = ImportChoices(output_kind, None if codes is None else _input_format(codes))
    with command_output("import", as_json) as output:
        imported = import_model(file, choices)
        _show(imported, output)
        output.table(cost_table(imported.model, intervals_to_show(imported.model.sizes)))
        folded = cheapest_folding(imported.model.sizes, initiation_interval)
        target = to / f"{recipe_name(file)}.toml"
        text = recipe_text(file, to, choices, initiation_interval, folded.multipliers)
        write_new_text(target, text)
        output.file("recipe", target, "recipe")
        try:
            load_recipe(target)
        except PulsewrightError as error:
            output.sentence(f"It does not run as it stands: {error}")


def _input_format(text: str) -> InputFormat:
    try:
        return parse_input_format(text)
    except ValueError as error:
        raise PulsewrightError(f"--input {shortened(text)}: {error}") from error


def _show(imported: ImportedModel, output: Output) -> None:
    report = imported.report
    sizes = "-".join(map(str, imported.model.sizes))
    output.sentence(f"{report.source} {sizes}, {imported.model.parameter_count} parameters")
    given = report.input
    made = "as given" if given.quantiser is None else f"by {given.quantiser}"
    output.sentence(
        f"input     codes {given.smallest_code}..{given.largest_code} ({given.code_format}), "
        f"a step is {given.step}, {made}"
    )
    output.table(layer_table(report))
    result = report.output
    output.sentence(
        f"output    {result.output.value}; value = scale * integer + offset, scale "
        f"{decimals_of(result.scale)}, offset {decimals_of(result.offset)}"
    )
    for remark in report.remarks[:MOST_SHOWN]:
        output.sentence(f"remark    {remark}")
