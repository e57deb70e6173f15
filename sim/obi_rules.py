# SPDX-License-Identifier: Apache-2.0
"""A checker of the OBI rules that a subordinate must hold, bound to the port of a simulation."""

from collections import deque
from typing import Any

import cocotb
from cocotb.triggers import ReadOnly, RisingEdge


class ObiRuleChecker:
    """Watches an OBI port in every clock cycle; a broken rule fails the test.

    Checked (OBI 1.6): no response without a request and none before the cycle after its grant;
    responses in order with `rid` equal to `aid`; a response not taken stays and keeps its values;
    `rvalid` low in reset.
    """

    def __init__(self, dut: Any) -> None:
        self.dut = dut
        self.requests = 0
        self.responses = 0
        self._outstanding: deque[int] = deque()
        self._held: tuple[int, int, int] | None = None
        cocotb.start_soon(self._watch())

    async def _watch(self) -> None:
        dut = self.dut
        while True:
            await RisingEdge(dut.clk_i)
            await ReadOnly()
            rvalid = bool(dut.obi_rvalid_o.value)
            if not bool(dut.rst_ni.value):
                assert not rvalid, "rvalid is high in reset"
                self._outstanding.clear()
                self._held = None
                continue
            if rvalid:
                response = (
                    int(dut.obi_rdata_o.value),
                    int(dut.obi_err_o.value),
                    int(dut.obi_rid_o.value),
                )
                if self._held is not None:
                    assert response == self._held, f"response changed: {self._held} to {response}"
                assert self._outstanding, "response without a request granted before it"
                assert response[2] == self._outstanding[0], "rid does not mirror aid"
                self._held = response
                if bool(dut.obi_rready_i.value):
                    self._outstanding.popleft()
                    self._held = None
                    self.responses += 1
            else:
                assert self._held is None, "rvalid was retracted"
            if bool(dut.obi_req_i.value) and bool(dut.obi_gnt_o.value):
                self._outstanding.append(int(dut.obi_aid_i.value))
                self.requests += 1
