# SPDX-License-Identifier: Apache-2.0
"""What is chosen of an attachment beside its name."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

# By the words of the Wishbone standard.
Addressing = Literal["byte", "word"]
Termination = Literal["synchronous", "asynchronous"]


class AttachmentOptions(BaseModel):
    """None is the attachment's default; docs/attachments.md says which attachment has which.

    id_bits: width of identifiers. addressing: what the address of Wishbone counts. termination:
    whether ACK and ERR of Wishbone come from registers or follow STB in the same cycle. max_wait:
    clock cycles that an access of a bus may wait before it is refused; None for any number.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id_bits: int | None = None
    addressing: Addressing | None = None
    termination: Termination | None = None
    max_wait: int | None = None

    @property
    def given(self) -> dict[str, int | str]:
        """Those that are not None, by their names."""
        values = ((name, getattr(self, name)) for name in AttachmentOptions.model_fields)
        return {name: value for name, value in values if value is not None}

    @property
    def of_port(self) -> dict[str, int | str]:
        """Those given that shape the port; the bound of waits is behind it."""
        return {name: value for name, value in self.given.items() if name != "max_wait"}
