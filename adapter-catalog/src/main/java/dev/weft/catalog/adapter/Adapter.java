package dev.weft.catalog.adapter;

import dev.weft.catalog.version.AliasTarget;
import dev.weft.catalog.version.Version;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.adapter.Audience;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A name and its versions.
 *
 * @param base id of its base; null until it is known
 * @param audience who may use it besides its own tenant
 * @param newest id of the version that succeeded last; null before the first
 * @param held the targets of an alias of the same name, which holds the name; empty if it follows
 *     the newest version
 * @param versions newest first, at most one of each digest
 */
public record Adapter(
        AdapterId id,
        @Nullable Long base,
        Audience audience,
        @Nullable Long newest,
        List<AliasTarget> held,
        List<Version> versions) {
    public Adapter {
        held = List.copyOf(held);
        versions = List.copyOf(versions);
    }

    /** The versions that the name leads to, by weight, in any state. */
    public List<AliasTarget> leadsTo() {
        if (!held.isEmpty()) {
            return held;
        }
        Optional<Integer> number =
                versions.stream()
                        .filter(v -> Long.valueOf(v.id()).equals(newest))
                        .findFirst()
                        .map(Version::number);
        return number.map(n -> List.of(new AliasTarget(id.name(), n, 1))).orElse(List.of());
    }
}
