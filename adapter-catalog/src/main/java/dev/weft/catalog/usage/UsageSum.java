package dev.weft.catalog.usage;

import dev.weft.protocol.usage.UsageCounts;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * Usage of one group. Fields by which it is not grouped are null.
 *
 * @param key 0 for requests without a key of the catalog
 */
record UsageSum(
        @Nullable LocalDate day,
        @Nullable String tenant,
        @Nullable Long key,
        @Nullable String keyName,
        @Nullable Model model,
        UsageCounts counts) {
    /**
     * What was used.
     *
     * @param base empty if that is not known
     * @param owner tenant of the adapter; empty, as its name is, for the base alone
     * @param number 0 for the base alone; null, as the digest is, if versions are added up
     */
    record Model(
            String base,
            String owner,
            String adapter,
            @Nullable Integer number,
            @Nullable String digest) {}
}
