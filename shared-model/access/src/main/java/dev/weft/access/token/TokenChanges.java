package dev.weft.access.token;

import dev.weft.access.key.TokenHash;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Tells those who watch a token that it has changed. Any thread. */
final class TokenChanges {
    private final Map<String, Set<Watch>> watches = new ConcurrentHashMap<>();

    /** A watcher of one token. It is equal to itself only. */
    final class Watch implements AutoCloseable {
        private final String hash;
        private final Sinks.Empty<Void> changed = Sinks.empty();

        private Watch(String hash) {
            this.hash = hash;
        }

        /** Completes once the token has changed, also if that was before it is subscribed. */
        Mono<Void> changed() {
            return changed.asMono();
        }

        @Override
        public void close() {
            watches.computeIfPresent(
                    hash,
                    (_, all) -> {
                        all.remove(this);
                        return all.isEmpty() ? null : all;
                    });
        }
    }

    /**
     * Watches a token from now on.
     *
     * @param hash see {@link TokenHash}
     */
    Watch watch(String hash) {
        Watch watch = new Watch(hash);
        watches.compute(
                hash,
                (_, all) -> {
                    Set<Watch> those = all == null ? ConcurrentHashMap.newKeySet() : all;
                    those.add(watch);
                    return those;
                });
        return watch;
    }

    /** The tokens that are watched now. */
    List<String> watched() {
        return List.copyOf(watches.keySet());
    }

    /** Tells the watchers of a token that it has changed, or may have. */
    void tell(String hash) {
        // a copy: a watcher that is told may watch the next change at once
        for (Watch watch : List.copyOf(watches.getOrDefault(hash, Set.of()))) {
            Sinks.EmitResult _ = watch.changed.tryEmitEmpty();
        }
    }
}
