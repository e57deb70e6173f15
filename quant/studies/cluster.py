# SPDX-License-Identifier: Apache-2.0
"""The Dask cluster of a sweep: one process per core of this machine, or one that exists."""

import asyncio
import logging
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.processes.environment import SAFE_PATH, own_environment

if TYPE_CHECKING:
    from distributed import Client

CONNECT_SECONDS = 10
LOCAL_CLUSTER = {
    # A dying worker is counted against every task that it had been given, so these are given one at
    # a time, and a task may be unlucky several times before it is taken for the one at fault.
    "distributed.scheduler.allowed-failures": 10,
    "distributed.scheduler.worker-saturation": 1.0,
    # Dask has workers return freed memory at once; with arrays of some megabytes in every step that
    # takes as long as the arithmetic.
    "distributed.nanny.pre-spawn-environ.MALLOC_TRIM_THRESHOLD_": 1 << 30,
    "distributed.nanny.pre-spawn-environ.MALLOC_MMAP_THRESHOLD_": 1 << 25,
}


class ClusterOptions(NamedTuple):
    """Where a sweep runs.

    scheduler: address of a running Dask scheduler, such as tcp://host:8786; None starts workers on
    this machine. workers: how many, one thread each; None one per core, 0 this process alone.
    """

    scheduler: str | None = None
    workers: int | None = None

    @property
    def in_process(self) -> bool:
        """True if no cluster is used."""
        return self.scheduler is None and self.workers == 0


@contextmanager
def connected_client(options: ClusterOptions, tasks: int) -> Iterator["Client"]:
    """Connect to the cluster; one of our own lives as long as the block.

    tasks: how many there are to do; more local workers than that are not started.

    Raises:
        PulsewrightError: the scheduler cannot be reached, or has no workers.
    """
    _silence_dask()
    if options.scheduler is not None:
        with _remote_client(options.scheduler) as client:
            yield client
        return
    import dask
    from distributed import Client, LocalCluster

    cores = len(os.sched_getaffinity(0))
    with ExitStack() as stack:
        stack.enter_context(dask.config.set(LOCAL_CLUSTER))
        # Workers would import from the folder where the command was given. What Dask sets for them
        # in this process is taken back, too.
        stack.enter_context(own_environment(os.environ | SAFE_PATH))
        # Ctrl-C is for this process, which then ends the workers.
        with _ignored_interrupts():
            cluster = stack.enter_context(
                LocalCluster(  # type: ignore[no-untyped-call]
                    n_workers=max(1, min(options.workers or cores, tasks)),
                    # Batches are too small to share: two threads were ten times slower than one.
                    threads_per_worker=1,
                    processes=True,
                    memory_limit=None,
                    dashboard_address="127.0.0.1:0",
                    silence_logs=logging.CRITICAL,
                )
            )
        yield stack.enter_context(Client(cluster))  # type: ignore[no-untyped-call]


def _silence_dask() -> None:
    """Of a lost worker the user sees its row, and of a lost scheduler our sentence."""
    # Importing gives each of its loggers a level of its own.
    import distributed  # noqa: F401

    for name in logging.root.manager.loggerDict:
        if name.startswith("distributed"):
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)


@contextmanager
def _ignored_interrupts() -> Iterator[None]:
    """Processes that are started in the block take no notice of Ctrl-C."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _remote_client(address: str) -> Iterator["Client"]:
    from distributed import Client

    try:
        # The client itself would wait for ever for a program that listens and does not answer.
        identity = asyncio.run(asyncio.wait_for(_identity(address), CONNECT_SECONDS))
    except (OSError, ValueError, TypeError, TimeoutError) as error:
        reason = (str(error) or f"no answer within {CONNECT_SECONDS} s").splitlines()[0]
        raise PulsewrightError(
            f"no Dask scheduler answers at {address}: {reason}; start one with `dask scheduler` "
            "and give its address, such as tcp://host:8786"
        ) from error
    if identity.get("type") != "Scheduler":
        raise PulsewrightError(
            f"at {address} is a Dask {identity.get('type')}; give the address of the scheduler, "
            "which it prints when it starts"
        )
    if not identity["workers"]:
        raise PulsewrightError(
            f"the Dask scheduler at {address} has no workers; start some with "
            f"`dask worker {address} --nthreads 1`"
        )
    with Client(address, timeout=CONNECT_SECONDS) as client:  # type: ignore[no-untyped-call]
        yield client


async def _identity(address: str) -> dict[str, Any]:
    """Ask what is at the address."""
    from distributed.core import rpc

    async with rpc(address) as remote:  # type: ignore[no-untyped-call]
        identity: dict[str, Any] = await remote.identity()
    return identity
