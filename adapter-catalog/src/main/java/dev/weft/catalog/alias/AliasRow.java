package dev.weft.catalog.alias;

import dev.weft.protocol.adapter.AdapterId;
import java.time.Instant;

/** A row of the table of aliases. */
record AliasRow(long id, AdapterId alias, long revision, Instant updated) {}
