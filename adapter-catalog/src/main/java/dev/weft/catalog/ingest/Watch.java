package dev.weft.catalog.ingest;

import dev.weft.catalog.trace.IngestTraces;
import dev.weft.catalog.version.Underway;

/** Who is told how far jobs are. */
record Watch(Underway underway, IngestMetrics metrics, IngestTraces traces) {}
