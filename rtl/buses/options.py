# SPDX-License-Identifier: Apache-2.0
"""What is chosen of an attachment beside its name."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

# By the words of the Wishbone standard.
Addressing = Literal["byte", "word"]
Termination = Literal["synchronous", "asynchronous"]
# Kinds of jobs that the coprocessor does.
Jobs = Literal["all", "infer"]
# Where physical integers become input codes.
InputMapPlace = Literal["software", "hardware"]
Stream = Literal["axi_stream"]
# Numbers in lanes of their own width as it is, which may cross transfers, or of a power of two.
StreamPacking = Literal["aligned", "packed"]


class AttachmentOptions(BaseModel):
    """None is the attachment's default; docs/attachments.md says which attachment has which."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id_bits: Annotated[int | None, Field(examples=[4])] = None
    """Bits of identifiers, where the attachment has them."""
    addressing: Addressing | None = None
    """What the address of Wishbone counts."""
    termination: Termination | None = None
    """Whether ACK and ERR of Wishbone come from registers or follow STB in the same cycle."""
    max_wait: Annotated[int | None, Field(examples=[16])] = None
    """Clock cycles that an access of a bus may wait before it is refused, 1 to 65535; any number if
    left out."""
    clock_gate: Annotated[bool | None, Field(examples=[True])] = None
    """Whether the coprocessor stops its own clock while nothing is asked of it and no job runs; it
    does not if left out."""
    jobs: Jobs | None = None
    """all: inferences, curves and reaches, of which one runs and one may wait; infer: inferences
    alone, one at a time, without registers of jobs; all if left out."""
    fifo_depth: Annotated[int | None, Field(examples=[2])] = None
    """Result vectors that the FIFO of curves holds, 2 to 128; 8 if left out."""
    input_map: InputMapPlace | None = None
    """hardware: inputs may be written as integers of their units as well, such as mV, and a
    multiplier makes their codes; software if left out."""
    stream: Stream | None = None
    """The protocol of a further top level, streams around an engine of their own."""
    stream_width: Annotated[int | None, Field(examples=[32])] = None
    """Bits of the streams' data: 8, 16, 32, 64, 128, 256 or 512; the narrowest that keeps the
    engine's initiation interval if left out."""
    stream_packing: StreamPacking | None = None
    """aligned: numbers in lanes of a power of two bits; packed: of their own width, and they may
    cross transfers."""
    stream_input_bits: Annotated[int | None, Field(examples=[8])] = None
    """Bits of an input's lane in a stream that is aligned: 1, 2, 4, 8 or 16."""
    stream_result_bits: Annotated[int | None, Field(examples=[32])] = None
    """Bits of a result's lane in a stream that is aligned: 8, 16 or 32."""

    @property
    def given(self) -> dict[str, int | str]:
        """Those that are not None, by their names."""
        values = ((name, getattr(self, name)) for name in AttachmentOptions.model_fields)
        return {name: value for name, value in values if value is not None}

    @property
    def infer_only(self) -> bool:
        """The coprocessor has no jobs but inferences, one at a time."""
        return self.jobs == "infer"

    @property
    def maps_inputs(self) -> bool:
        """The coprocessor takes physical integers as well as codes."""
        return self.input_map == "hardware"

    @property
    def of_port(self) -> dict[str, int | str]:
        """Those given that shape the port of the bus; others are of what is behind it."""
        others = {"max_wait", "clock_gate", "jobs", "fifo_depth", "input_map", *self.of_stream}
        return {name: value for name, value in self.given.items() if name not in others}

    @property
    def of_stream(self) -> dict[str, int | str]:
        """Those given of the streams."""
        return {name: value for name, value in self.given.items() if name.startswith("stream")}
