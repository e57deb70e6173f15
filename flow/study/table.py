# SPDX-License-Identifier: Apache-2.0
"""The table of a study as Parquet."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.atomic_write import atomic_path
from pulsewright.quant.studies.journal import Row

FORMAT_VERSION = "1"
VERSION_KEY = b"pulsewright_study_table"


def write_table(path: Path, rows: Sequence[Row]) -> None:
    """Write one line a configuration, whole or not at all; absent values are null.

    Raises:
        PulsewrightError: the folder cannot be written.
    """
    import pyarrow as pa
    from pyarrow import parquet

    columns: dict[str, None] = {}
    for row in rows:
        columns |= dict.fromkeys(row)
    table = pa.table({name: [row.get(name) for row in rows] for name in columns})
    table = table.replace_schema_metadata({VERSION_KEY: FORMAT_VERSION})
    with atomic_path(path) as temporary:
        try:
            parquet.write_table(table, temporary)
        except OSError as error:
            raise PulsewrightError(
                f"cannot write {path}: {error}; make room and run again, finished rows are kept"
            ) from error


def check_overwritable(path: Path) -> None:
    """Refuse to write over a table of another version; one that cannot be read is no loss.

    Raises:
        PulsewrightError: it is of another version.
    """
    from pyarrow import ArrowException, parquet

    try:
        schema = parquet.read_schema(path)
    except (OSError, ArrowException):
        return
    _check_version(path, schema.metadata)


def read_table(path: Path) -> list[Row]:
    """Read what `write_table` wrote.

    Raises:
        PulsewrightError: the file is missing, not such a table, or of another version.
    """
    from pyarrow import ArrowException, parquet

    try:
        table = parquet.read_table(path)
    except (OSError, ArrowException) as error:
        reason = (str(error) or type(error).__name__).splitlines()[0]
        raise PulsewrightError(
            f"cannot read the table {path}: {reason}; run the study again"
        ) from error
    _check_version(path, table.schema.metadata)
    rows: list[Row] = table.to_pylist()
    return rows


def _check_version(path: Path, metadata: Mapping[bytes, bytes] | None) -> None:
    version = (metadata or {}).get(VERSION_KEY, b"none").decode()
    if version != FORMAT_VERSION:
        raise PulsewrightError(
            f"the table {path} has version {version}, this release knows {FORMAT_VERSION}; move it "
            "away, or choose another folder with --build"
        )
