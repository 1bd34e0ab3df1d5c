package dev.weft.catalog.adapter;

import dev.weft.catalog.version.Version;

/** Takes versions in that were registered. */
public interface Intake {
    /** Takes a version up; returns at once. */
    void submit(Version version);
}
