"""From the open content of one language to written records: read a row, reduce it, hand it to the writer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from app.manifest.build import Builder, Record
from app.manifest.comparison import Comparison
from app.manifest.finding import IndexBuilder
from app.manifest.plans import FINDING, ITEM, PLANS
from app.manifest.records import encode
from app.manifest.sanity import BuildReport, check_once, check_table
from app.manifest.source import Content
from app.manifest.writer import VersionWriter

_ROWS_PER_TICK = 500
(_BUCKET_KEY,) = (each.key for each in PLANS[ITEM].fields if each.attribute == "bucket_hash")


class RowWatcher(Protocol):
    """May raise to stop the work."""

    def stage(self, name: str) -> None: ...
    def read(self, rows: int) -> None: ...


def write_version(
    content: Content, writer: VersionWriter, watcher: RowWatcher, comparison: Comparison | None = None
) -> BuildReport:
    """Only tables with a plan are read. Raises NotSane as soon as a table shows that the content is not ours.

    `comparison` is shown every item on its way.
    """
    report, builder, index = BuildReport(), Builder(), IndexBuilder()
    for table in PLANS:
        watcher.stage(f"reading {table}")
        for definition_hash, record in _records(table, content, builder, watcher, report):
            stored = encode(record)
            writer.add(table, definition_hash, stored)
            index.see(table, definition_hash, record)
            if comparison and table == ITEM:
                comparison.see(definition_hash, stored)
        check_table(table, report.table(table))
    watcher.stage("indexing")
    writer.add(FINDING, 0, index.packed())
    writer.flush()
    check_once(report, writer.counts)
    return report


def _records(
    table: str, content: Content, builder: Builder, watcher: RowWatcher, report: BuildReport
) -> Iterator[tuple[int, Record]]:
    found, record_of = report.table(table), builder.record
    for definition_hash, raw in content.rows(table):
        found.rows += 1
        if found.rows % _ROWS_PER_TICK == 0:
            watcher.read(_ROWS_PER_TICK)
        if not isinstance(raw, dict) or definition_hash < 0:
            found.unreadable += 1
            found.misnumbered += definition_hash < 0
            continue
        found.foreign += "hash" not in raw
        found.misnumbered += raw.get("hash", definition_hash) != definition_hash
        record = record_of(table, definition_hash, raw)
        if record is not None:
            found.records += 1
            if table == ITEM:
                report.named_items += "n" in record
                report.named_buckets.add(record.get(_BUCKET_KEY, 0))
            yield definition_hash, record
    watcher.read(found.rows % _ROWS_PER_TICK)
