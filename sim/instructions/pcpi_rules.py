# SPDX-License-Identifier: Apache-2.0
"""A checker of the rules that the coprocessor side of PCPI must hold."""

from collections.abc import Callable, Mapping

OUTPUTS = ("wr", "wait", "ready")


class PcpiRules:
    """Told the signals of every clock cycle; a broken rule is an AssertionError.

    ours: whether an instruction word is the coprocessor's. Checked: all is low without an
    instruction of ours; `wait` is high while one is presented (the core would give it up);
    `ready` comes once for each, and `wr` with it.

    taken: instructions that were answered so far.
    """

    def __init__(self, ours: Callable[[int], bool]) -> None:
        self.ours = ours
        self.taken = 0
        self._answered = False

    def reset(self, signals: Mapping[str, int]) -> None:
        """A cycle of reset."""
        assert not signals["ready"], "ready is high in reset"
        self._answered = False

    def check(self, signals: Mapping[str, int]) -> None:
        """A cycle out of reset: the values that the clock edge at its end samples."""
        if not (signals["valid"] and self.ours(signals["insn"])):
            for name in OUTPUTS:
                assert not signals[name], f"{name} is high without an instruction of ours"
            self._answered = False
            return
        assert signals["wait"], "wait is low while an instruction is presented"
        assert signals["wr"] == signals["ready"], "wr and ready differ"
        if signals["ready"]:
            assert not self._answered, "ready for an instruction that was answered"
            self._answered = True
            self.taken += 1
