package dev.weft.catalog.ingest;

import dev.weft.catalog.trace.IngestTraces;
import dev.weft.catalog.version.Underway;

/** The receivers of the jobs' progress. */
record ProgressReceivers(Underway underway, IngestMetrics metrics, IngestTraces traces) {}
