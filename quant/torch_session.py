# SPDX-License-Identifier: Apache-2.0
"""Torch's process-wide state, borrowed and given back."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch


@contextmanager
def quiet_torch() -> Iterator[None]:
    """One thread and an untouched global random generator for the length of the block.

    One thread, because batches of these networks are too small to share: two threads were ten
    times slower. The generator is restored, because building a layer draws from it.
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with torch.random.fork_rng(devices=[]):
            yield
    finally:
        torch.set_num_threads(threads)
