package dev.weft.standalone.adapters.client;

import dev.weft.protocol.adapter.AdapterTask;
import dev.weft.protocol.adapter.Reason;
import dev.weft.protocol.adapter.VersionState;
import dev.weft.protocol.repository.RepositoryRef;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A version as the admin API shows it.
 *
 * @param id of its registration
 * @param warnings faults that its owner should know about although it is served
 * @param repository as it was asked for
 */
public record AdapterVersion(
        long id,
        Content content,
        VersionState state,
        List<Reason> reasons,
        List<Reason> warnings,
        RepositoryRef repository,
        Work work) {
    /**
     * What it holds; each value is null while unknown.
     *
     * @param number number of the content among those of the name
     */
    public record Content(
            @Nullable Integer number,
            @Nullable String digest,
            @Nullable Integer rank,
            @Nullable AdapterTask task) {}

    /**
     * What is being done for it.
     *
     * @param progress null while nothing of it is being fetched
     * @param waiting which source or store doesn't answer; null while the work goes on
     */
    public record Work(@Nullable FetchProgress progress, @Nullable String waiting) {
        /** True if a fetch is in progress or something doesn't answer. */
        public boolean isUnderway() {
            return progress != null || waiting != null;
        }
    }

    public AdapterVersion {
        reasons = List.copyOf(reasons);
        warnings = List.copyOf(warnings);
    }

    /** Its state, the progress of its fetch, and what it waits for. */
    public String standing() {
        FetchProgress progress = work.progress;
        String standing = progress == null ? state.name() : state.name() + ' ' + progress;
        return work.waiting == null ? standing : standing + ", waits: " + work.waiting;
    }

    /** True if nothing more happens to it by itself. */
    public boolean settled() {
        return switch (state) {
            case Registered, Fetching, Validating, Converting -> false;
            case Ready, Rejected, Disabled, Retired -> true;
        };
    }
}
