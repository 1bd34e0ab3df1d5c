package dev.weft.protocol.feed;

import java.util.Optional;

/** The meaning of a client's {@code model}. */
public sealed interface Served {
    /** The version for a request with that key; see {@link CatalogEntry#choose}. */
    Optional<ServedVersion> choose(String key);

    /** A name, which leads to a version by weight. */
    record Named(CatalogEntry entry) implements Served {
        @Override
        public Optional<ServedVersion> choose(String key) {
            return entry.choose(key);
        }
    }

    /** One version, whatever its name leads to. */
    record Pinned(ServedVersion version) implements Served {
        @Override
        public Optional<ServedVersion> choose(String key) {
            return Optional.of(version);
        }
    }
}
