# SPDX-License-Identifier: Apache-2.0
"""The rules of Wishbone B4, classic standard cycles."""

from types import SimpleNamespace
from typing import Self

from pulsewright.rtl.buses.options import AttachmentOptions, Termination
from pulsewright.sim.buses.rules.bus_rules import BusRules, known


class WishboneRules(BusRules):
    """No termination without CYC and STB; ACK and ERR exclude each other.

    A request stays and keeps its values until it is terminated; STALL is high while it waits.

    termination: "synchronous" ones come from registers, as an interconnect with a registered
    decoder needs them: not in the cycle in which a request arrives, for one cycle only, whatever
    STB does then, and with STALL high in all others.
    """

    def __init__(self, termination: Termination = "synchronous") -> None:
        super().__init__()
        self._termination = termination
        self._request: tuple[int, ...] | None = None
        self._ended = False

    @classmethod
    def of(cls, options: AttachmentOptions) -> Self:
        """The rules of a port with these options."""
        return cls(options.termination or "synchronous")

    def reset(self, port: SimpleNamespace) -> None:
        """A cycle in reset."""
        self._request = None
        self._ended = False

    def cycle(self, port: SimpleNamespace) -> None:
        """A cycle out of reset."""
        known(port.cyc, port.stb, port.ack, port.err, port.stall)
        terminated = bool(port.ack or port.err)
        if self._termination == "synchronous":
            assert not (terminated and self._ended), "a termination lasts longer than a cycle"
            assert port.stall != terminated, "STALL follows something else than ACK and ERR"
        self._ended = terminated
        if not (port.cyc and port.stb):
            assert not terminated, "a termination without CYC and STB"
            assert self._request is None, "a cycle was given up"
            return
        assert not (port.ack and port.err), "ACK and ERR are both high"
        assert port.stall != terminated, "STALL does not tell whether the request waits"
        request = known(port.adr, port.we, port.sel, *((port.dat_w,) if port.we else ()))
        if self._request is None:
            self.requests += 1
            assert not terminated or self._termination == "asynchronous", (
                "a termination in the cycle in which the request arrives"
            )
        else:
            assert request == self._request, f"request changed: {self._request} to {request}"
        self._request = request
        if terminated:
            known(port.dat_r)
            self._request = None
            self.responses += 1
