# SPDX-License-Identifier: Apache-2.0
"""The test benches, and what their tests leave for the flow, by name."""

from enum import StrEnum

from pulsewright.rtl.buses.registry import BUSES, known_attachment


class Bench(StrEnum):
    """Modules of `pulsewright.sim.benches`."""

    STREAM = "stream_bench"
    AXI_STREAM = "axi_stream_bench"
    BUS = "bus_bench"
    JOB = "job_bench"
    QUEUE = "queue_bench"
    WINDOW = "window_bench"
    ACTIVITY = "activity_bench"
    CV_X_IF = "cv_x_if_bench"
    PCPI = "pcpi_bench"
    CV32E40X = "cv32e40x_bench"
    PICORV32 = "picorv32_bench"
    BOARD = "board_bench"

    @property
    def module(self) -> str:
        """Dotted name of the module."""
        return f"pulsewright.sim.benches.{self.value}"


class Measurement(StrEnum):
    """Tests of the benches that leave an outcome, by the names of their functions."""

    EVERY_ROW = "every_row"
    RANDOM_STALLS = "random_stalls"
    BACK_TO_BACK = "back_to_back"
    IDLE_CYCLES = "idle_cycles"
    BACKPRESSURE = "backpressure"
    WRONG_VECTORS = "wrong_vectors"
    CURVE_JOBS = "curve_jobs"
    LOADED_WHILE_COMPUTING = "loaded_while_computing"
    ANY_ORDER_UNDER_STALLS = "any_order_under_stalls"
    COUNTED_INFERENCES = "counted_inferences"
    COUNTED_INCREMENTAL_STEPS = "counted_incremental_steps"
    COUNTED_CURVE = "counted_curve"
    A_PROGRAM = "a_program"
    DISTURBED_LINE = "disturbed_line"


_INSTRUCTION_BENCHES = {
    "cv_x_if": Bench.CV_X_IF,
    "cv_x_if_v1": Bench.CV_X_IF,
    "pcpi": Bench.PCPI,
}


def coprocessor_benches(attachment: str) -> tuple[Bench, ...]:
    """The benches that drive a whole coprocessor through `attachment`.

    Raises:
        PulsewrightError: there is no such attachment.
    """
    if known_attachment(attachment) in BUSES:
        return (Bench.BUS, Bench.JOB, Bench.QUEUE, Bench.WINDOW)
    return (_INSTRUCTION_BENCHES[attachment],)
