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
 */
public record Version(
        long id,
        AdapterId adapter,
        @Nullable Integer number,
        Lifecycle lifecycle,
        Origin origin,
        Findings findings,
        Times times) {

    /**
     * Where it came from.
     *
     * @param repository as it was asked for
     * @param resolved the commit that was fetched; null until known, and if the source has none
     */
    public record Origin(RepositoryRef repository, @Nullable String resolved) {
        /** Its source, repository and fetched commit, e.g. {@code HF:owner/name@commit}. */
        public String root() {
            return root(repository.source().name(), repository.repo(), resolved);
        }

        public static String root(String source, String repo, @Nullable String resolved) {
            return source + ":" + repo + (resolved == null ? "" : "@" + resolved);
        }
    }

    /**
     * What the check of its content has found.
     *
     * @param warnings faults that its owner should know about although it is served
     * @param effect Frobenius norm of the change that it adds over all layers, by module; empty
     *     until known
     */
    public record Findings(List<Reason> warnings, Map<LinearModule, Double> effect) {
        public Findings {
            warnings = List.copyOf(warnings);
            effect = Collections.unmodifiableSortedMap(new TreeMap<>(effect));
        }
    }

    /** When it was registered, and when its state last changed. */
    public record Times(Instant created, Instant updated) {}

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
}
