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
 * @param currentVersion the version that the name leads to, Ready or Disabled
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
    /** Its base, as followers of the feed are told. */
    public long servedBase() {
        return base == null ? ServedVersion.FIRST_BASE : base;
    }

    /** Its name, as followers of the feed are told while a version is made ready. */
    public ComingName coming() {
        return new ComingName(adapter, servedBase());
    }
}
