# SPDX-License-Identifier: Apache-2.0
"""What a worker does: train one configuration from a float network, and say what it costs."""

from pulsewright.hls_model.activity.weight_reads import weight_bits
from pulsewright.hls_model.energy.figures import tier1
from pulsewright.hls_model.energy.table import EnergyTable
from pulsewright.hls_model.energy.total import WeightHome, total_energy
from pulsewright.hls_model.presets import multiply_accumulates
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.folding_search import cheapest_folding
from pulsewright.hls_model.schedule.requantiser_stages import with_requantisers
from pulsewright.hls_model.schedule.workload import full_inference
from pulsewright.quant.curve_sources import fit_input_map
from pulsewright.quant.datasets.pulse_curves import PulseCurves
from pulsewright.quant.metrics import clustered_standard_error
from pulsewright.quant.pipeline import integer_accuracy, integer_model, train_quantised
from pulsewright.quant.studies.configuration import Configuration
from pulsewright.quant.studies.float_rows import trained_float
from pulsewright.quant.studies.journal import Row
from pulsewright.quant.studies.settings import StudySettings


def configuration_row(
    curves: PulseCurves, settings: StudySettings, configuration: Configuration, float_row: Row
) -> Row:
    """Quantise and train one configuration: its errors, and what its hardware costs.

    Errors are mean squared errors of I_r,n on the test rows; energies are in pJ.
    """
    start, bits = configuration.start, configuration.bits
    parts = settings.split(curves, start.split, start.seed)
    input_map = fit_input_map(curves, bits.code_format, start.pulse_number)
    trained = train_quantised(
        curves,
        input_map,
        parts,
        trained_float(curves, start, float_row),
        bits,
        configuration.training,
        start.seed,
    )
    model = integer_model(trained, input_map, configuration.network)
    integer_mse, median_curve_mse = integer_accuracy(model, curves, parts)
    float_mse = float_row["accuracy"]["test_mse"]
    return {
        **configuration.columns(),
        "float_mse": float_mse,
        "integer_mse": integer_mse,
        "ratio": integer_mse / float_mse,
        "validation_mse": trained.accuracy.validation_mse,
        "median_curve_mse": median_curve_mse,
        "clustered_standard_error": clustered_standard_error(
            model.predict(curves.inputs[parts.test]),
            curves.targets[parts.test],
            curves.curve_index[parts.test],
        ),
        **cost_columns(model, settings.initiation_interval),
    }


def cost_columns(model: IntegerMlp, initiation_interval: int) -> dict[str, int | float]:
    """What the model costs, folded as cheaply as the initiation interval allows.

    multipliers: of weights and of requantisers. multiplier_bits: of the widest requantiser's
    constants, 0 where all of them shift alone.
    """
    engine = with_requantisers(cheapest_folding(model.sizes, initiation_interval), model)
    requantisers = [layer.requantiser for layer in model.layers if layer.requantiser is not None]
    table, workload = EnergyTable.load(), full_inference(engine)
    logic, sram = (
        total_energy(model, engine, workload, table, home)
        for home in (WeightHome.LOGIC, WeightHome.SRAM)
    )
    return {
        "parameters": model.parameter_count,
        "mac": multiply_accumulates(model.sizes),
        "parameter_bits": weight_bits(model),
        "multipliers": engine.multipliers + engine.requantiser_multipliers,
        "requantiser_multipliers": engine.requantiser_multipliers,
        "multiplier_bits": max((one.multiplier_bits for one in requantisers), default=0),
        "initiation_interval": engine.initiation_interval,
        "latency": engine.latency,
        "tier1_picojoule": tier1(model.sizes).picojoule,
        "tier2_logic_picojoule": logic.picojoule,
        "tier2_sram_picojoule": sram.picojoule,
    }
