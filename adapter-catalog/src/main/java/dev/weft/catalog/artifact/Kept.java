package dev.weft.catalog.artifact;

import dev.weft.protocol.adapter.AdapterDigest;
import java.time.Instant;

/** An artifact of a store, and when it was put last. */
public record Kept(AdapterDigest digest, Instant put) {}
