# SPDX-License-Identifier: Apache-2.0
"""Many independent trainings, spread over the workers of a Dask cluster."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.quant.studies.cluster import ClusterOptions, connected_client
from pulsewright.quant.studies.journal import Journal, Row
from pulsewright.quant.studies.row_shape import RowCheck

Progress = Callable[[int, int], None]
"""Called with (rows finished, rows in all)."""

ERROR = "error"


class Task(NamedTuple):
    """One row to compute: row = work(**shared, **arguments).

    key: names the row, unique in the sweep and the same in every run. work: a module-level
    function whose result depends on its arguments alone. is_finished: tells of a row in the journal
    that it is such a result.
    """

    key: str
    work: Callable[..., Row]
    arguments: Mapping[str, Any]
    is_finished: RowCheck = bool


def run_sweep(
    tasks: Sequence[Task],
    journal: Journal,
    cluster: ClusterOptions,
    progress: Progress | None = None,
    shared: Mapping[str, Any] | None = None,
) -> dict[str, Row]:
    """Compute the rows that the journal lacks; all rows of `tasks`, in their order.

    A task that raises gets the row {"error": what}. It is tried again in the next run, since its
    worker may have been at fault, and so is one whose row in the journal is no result of it.
    `shared` arguments are sent to each worker once.

    Raises:
        PulsewrightError: two tasks have one key, the scheduler cannot be reached or goes away, or a
            row cannot be written.
    """
    if len({task.key for task in tasks}) < len(tasks):
        raise PulsewrightError("two tasks of the sweep have one key; remove the repeated one")
    pending = [task for task in tasks if not _has_row(task, journal)]
    done = len(tasks) - len(pending)
    if progress is not None:
        progress(done, len(tasks))
    for key, row in _results(pending, cluster, dict(shared or {})):
        journal.append(key, row)
        done += 1
        if progress is not None:
            progress(done, len(tasks))
    return {task.key: journal.rows[task.key] for task in tasks}


def _has_row(task: Task, journal: Journal) -> bool:
    row = journal.rows.get(task.key)
    return row is not None and ERROR not in row and task.is_finished(row)


def _results(
    tasks: Sequence[Task], cluster: ClusterOptions, shared: dict[str, Any]
) -> Iterator[tuple[str, Row]]:
    """(key, row) of every task, as they finish."""
    if not tasks:
        return
    if cluster.in_process:
        for task in tasks:
            yield task.key, _row(task.work, shared, task.arguments)
        return
    from distributed import as_completed

    with connected_client(cluster, len(tasks)) as client:
        # A task and not scattered data: the scheduler can make it again where a worker died.
        given = client.submit(_identity, shared, pure=False)
        futures = {
            client.submit(_row, task.work, given, dict(task.arguments), pure=False): task.key
            for task in tasks
        }
        for future in as_completed(futures):  # type: ignore[no-untyped-call]
            if future.status == "finished":
                row = future.result()
            elif future.status == "error":
                row = {ERROR: f"the worker failed: {future.exception()}"}
            else:
                raise PulsewrightError(
                    f"the Dask scheduler went away with {len(futures)} rows to come; run again, "
                    "the finished ones are kept"
                )
            key = futures.pop(future)
            future.release()
            yield key, row


def _identity(value: Any) -> Any:
    return value


def _row(work: Callable[..., Row], shared: Mapping[str, Any], arguments: Mapping[str, Any]) -> Row:
    try:
        return work(**shared, **arguments)
    except PulsewrightError as error:
        return {ERROR: str(error)}
    except Exception as error:
        return {ERROR: f"{type(error).__name__}: {error}"}
