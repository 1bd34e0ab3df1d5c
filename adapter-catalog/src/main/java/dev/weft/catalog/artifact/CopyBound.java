package dev.weft.catalog.artifact;

import dev.weft.protocol.adapter.AdapterDigest;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps copies of artifacts within a bound. The least recently used copy goes first. A held copy
 * stays. So does one that was used within the last minute, since whoever got its path may not have
 * opened it yet; an open file can be read to its end after that. Meanwhile the copies may exceed
 * the bound. The times of use are lost when the process ends; then the time of writing counts. Safe
 * for any thread.
 */
final class CopyBound {
    private static final Logger LOG = LoggerFactory.getLogger(CopyBound.class);
    static final Duration JUST_USED = Duration.ofMinutes(1);

    private static final class CachedArtifact {
        private final long bytes;
        private Instant used;

        CachedArtifact(long bytes, Instant used) {
            this.bytes = bytes;
            this.used = used;
        }
    }

    private final FolderArtifacts copies;
    private final long mostBytes;
    private final Clock clock;
    private final Map<AdapterDigest, CachedArtifact> known = new HashMap<>();
    private final Map<AdapterDigest, Integer> held = new HashMap<>();

    /** Starts with the copies that exist already. */
    CopyBound(FolderArtifacts copies, long mostBytes, Clock clock) throws IOException {
        this.copies = copies;
        this.mostBytes = mostBytes;
        this.clock = clock;
        for (Kept kept : copies.list()) {
            known.put(kept.digest(), new CachedArtifact(bytes(kept.digest()), kept.put()));
        }
    }

    /** Keeps a copy until this is closed, also a copy that is made meanwhile. */
    interface Hold extends AutoCloseable {
        @Override
        void close();
    }

    synchronized Hold hold(AdapterDigest digest) {
        held.merge(digest, 1, Integer::sum);
        return () -> letGo(digest);
    }

    private synchronized void letGo(AdapterDigest digest) {
        held.computeIfPresent(digest, (_, count) -> count == 1 ? null : count - 1);
    }

    /** Notes that somebody is about to look for the copy; if it exists, it stays for a while. */
    synchronized void used(AdapterDigest digest) {
        CachedArtifact copy = known.get(digest);
        if (copy != null) {
            copy.used = clock.instant();
        }
    }

    /** Notes a new copy, and removes others if necessary. */
    synchronized void added(AdapterDigest digest) throws IOException {
        known.put(digest, new CachedArtifact(bytes(digest), clock.instant()));
        trim();
    }

    /** Removes copies until they are within the bound. */
    synchronized void trim() {
        long all = known.values().stream().mapToLong(copy -> copy.bytes).sum();
        while (all > mostBytes) {
            AdapterDigest oldest = oldest();
            if (oldest == null) {
                return;
            }
            CachedArtifact copy = known.remove(oldest);
            all -= copy == null ? 0 : copy.bytes;
            makeRoom(oldest);
        }
    }

    /**
     * Removes a copy to make room. If it can't be removed, no work fails because of it, and the
     * next start finds it again.
     */
    private void makeRoom(AdapterDigest digest) {
        try {
            copies.remove(digest, () -> true);
            LOG.info(
                    "the local copy of artifact {} is removed to make room; the bucket has it",
                    digest);
        } catch (IOException e) {
            LOG.warn("the copy of artifact {} can't be removed: {}", digest, e.toString());
        }
    }

    synchronized void removed(AdapterDigest digest) {
        known.remove(digest);
    }

    private @Nullable AdapterDigest oldest() {
        Instant recent = clock.instant().minus(JUST_USED);
        return known.entrySet().stream()
                .filter(entry -> !held.containsKey(entry.getKey()))
                .filter(entry -> !entry.getValue().used.isAfter(recent))
                .min(Comparator.comparing(entry -> entry.getValue().used))
                .map(Map.Entry::getKey)
                .orElse(null);
    }

    private long bytes(AdapterDigest digest) throws IOException {
        return copies.find(digest).map(Artifact::size).orElse(0L);
    }
}
