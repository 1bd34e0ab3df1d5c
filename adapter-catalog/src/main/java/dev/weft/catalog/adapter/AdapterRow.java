package dev.weft.catalog.adapter;

import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.adapter.Audience;
import dev.weft.protocol.feed.ComingName;
import dev.weft.protocol.feed.ServedVersion;
import org.jspecify.annotations.Nullable;

/**
 * A row of the table of adapters.
 *
 * @param base id of its base; null until it is known
 * @param currentVersion the version that the name leads to unless an alias of that name holds it;
 *     Ready or Disabled; null if there is none
 * @param audience who may use it besides its own tenant
 * @param newestSettled the newest registration that succeeded; 0 before the first
 */
public record AdapterRow(
        long id,
        AdapterId adapter,
        @Nullable Long base,
        @Nullable Long currentVersion,
        long newestSettled,
        Audience audience) {
    /** The id of its base for followers of the feed; the first base while it is unknown. */
    public long servedBase() {
        return base == null ? ServedVersion.FIRST_BASE : base;
    }

    /** Its name and base for followers of the feed while a version is being made ready. */
    public ComingName coming() {
        return new ComingName(adapter, servedBase());
    }
}
