# SPDX-License-Identifier: Apache-2.0
"""The rules of AXI4-Stream (ARM IHI 0051)."""


class AxiStreamRules:
    """Sees one stream in every clock cycle; a broken rule is an AssertionError.

    TVALID is low in reset, is not retracted, and no payload changes before it is taken (2.2.1).

    transfers, packets: how many there were; a packet ends with TLAST.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.transfers = 0
        self.packets = 0
        self._held: tuple[int, ...] | None = None

    def reset(self, valid: int | None) -> None:
        """A cycle in reset; None is an unknown value."""
        assert valid == 0, f"{self.name}: TVALID is {valid} in reset"
        self._held = None

    def cycle(
        self, valid: int | None, ready: int | None, last: int | None, *payload: int | None
    ) -> None:
        """A cycle out of reset; unknown bits of what is not offered do not matter."""
        assert valid is not None, f"{self.name}: TVALID is unknown"
        if not valid:
            assert self._held is None, f"{self.name}: TVALID was retracted"
            return
        offered = (last, *payload)
        values = [one for one in offered if one is not None]
        assert len(values) == len(offered), f"{self.name}: unknown bits are offered"
        assert ready is not None, f"{self.name}: TREADY is unknown while TVALID is high"
        assert self._held in (None, tuple(values)), f"{self.name}: the payload changed"
        self._held = None if ready else tuple(values)
        self.transfers += ready
        self.packets += ready and values[0]
