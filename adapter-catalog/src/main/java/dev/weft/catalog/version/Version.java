package dev.weft.catalog.version;

import dev.weft.catalog.lifecycle.Content;
import dev.weft.catalog.lifecycle.Lifecycle;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.adapter.LinearModule;
import dev.weft.protocol.adapter.Reason;
import dev.weft.protocol.repository.RepositoryRef;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One registration of an adapter and its outcome.
 *
 * @param id grows with every registration
 * @param number its number among the contents of its name; null until the content is known
 * @param repository as it was asked for
 * @param resolvedRevision the commit that was fetched; null until known, and if the source has none
 * @param warnings faults that its owner should know about although it is served
 * @param effect Frobenius norm of the change that it adds over all layers, by module; empty until
 *     known
 */
public record Version(
        long id,
        AdapterId adapter,
        @Nullable Integer number,
        Lifecycle lifecycle,
        RepositoryRef repository,
        @Nullable String resolvedRevision,
        List<Reason> warnings,
        Map<LinearModule, Double> effect,
        Instant created,
        Instant updated) {
    public Version {
        warnings = List.copyOf(warnings);
        effect = Collections.unmodifiableSortedMap(new TreeMap<>(effect));
    }

    /** Its content, if known. */
    public Optional<Content> content() {
        return switch (lifecycle) {
            case Lifecycle.Stored stored -> Optional.of(stored.content());
            case Lifecycle.Working _, Lifecycle.Rejected _ -> Optional.empty();
        };
    }

    /** Why it was rejected; empty if it wasn't. */
    public List<Reason> reasons() {
        return switch (lifecycle) {
            case Lifecycle.Rejected(List<Reason> reasons) -> reasons;
            case Lifecycle.Working _, Lifecycle.Stored _ -> List.of();
        };
    }

    /** Its source, repository and fetched commit, e.g. {@code HF:owner/name@commit}. */
    public String root() {
        return root(repository.source().name(), repository.repo(), resolvedRevision);
    }

    public static String root(String source, String repo, @Nullable String resolvedRevision) {
        return source + ":" + repo + (resolvedRevision == null ? "" : "@" + resolvedRevision);
    }
}
