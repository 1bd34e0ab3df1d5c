package dev.weft.catalog.registry;

import dev.weft.protocol.adapter.AdapterId;
import java.time.Instant;

/** A row of the table of aliases. */
record AliasRow(long id, AdapterId alias, long revision, Instant updated) {}
