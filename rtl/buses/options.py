# SPDX-License-Identifier: Apache-2.0
"""What is chosen of an attachment beside its name."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

# By the words of the Wishbone standard.
Addressing = Literal["byte", "word"]
Termination = Literal["synchronous", "asynchronous"]
Stream = Literal["axi_stream"]
# Numbers in lanes of their own width as it is, which may cross transfers, or of a power of two.
StreamPacking = Literal["aligned", "packed"]


class AttachmentOptions(BaseModel):
    """None is the attachment's default; docs/attachments.md says which attachment has which.

    id_bits: width of identifiers. addressing: what the address of Wishbone counts. termination:
    whether ACK and ERR of Wishbone come from registers or follow STB in the same cycle. max_wait:
    clock cycles that an access of a bus may wait before it is refused; None for any number. stream:
    the protocol of a top level with streams, beside that of the bus. stream_width: bits of its
    data. stream_packing, stream_input_bits, stream_result_bits: how numbers lie in them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id_bits: int | None = None
    addressing: Addressing | None = None
    termination: Termination | None = None
    max_wait: int | None = None
    stream: Stream | None = None
    stream_width: int | None = None
    stream_packing: StreamPacking | None = None
    stream_input_bits: int | None = None
    stream_result_bits: int | None = None

    @property
    def given(self) -> dict[str, int | str]:
        """Those that are not None, by their names."""
        values = ((name, getattr(self, name)) for name in AttachmentOptions.model_fields)
        return {name: value for name, value in values if value is not None}

    @property
    def of_port(self) -> dict[str, int | str]:
        """Those given that shape the port of the bus; the bound of waits is behind it."""
        others = {"max_wait", *self.of_stream}
        return {name: value for name, value in self.given.items() if name not in others}

    @property
    def of_stream(self) -> dict[str, int | str]:
        """Those given of the streams."""
        return {name: value for name, value in self.given.items() if name.startswith("stream")}
