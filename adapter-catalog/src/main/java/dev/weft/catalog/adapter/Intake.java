package dev.weft.catalog.adapter;

import dev.weft.catalog.version.Version;

/** Ingests registered versions. */
public interface Intake {
    /** Starts the ingest of a version; returns at once. */
    void submit(Version version);
}
