package dev.weft.inference.server.residency;

import dev.weft.inference.server.residency.AdapterArrival.From;
import dev.weft.protocol.adapter.AdapterDigest;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Remembers how the adapters in slots came there, for requests that waited. It holds one entry for
 * each adapter in a slot or on its way. Any thread; the calls about one adapter come one after the
 * other.
 */
final class Arrivals {
    private record Way(From from, Map<String, Long> stageNanos, long arrivedNanos) {
        Way with(String stage, long nanos) {
            Map<String, Long> more = new HashMap<>(stageNanos);
            more.put(stage, nanos);
            return new Way(from, Map.copyOf(more), arrivedNanos);
        }
    }

    private final LongSupplier clock;
    private final Map<AdapterDigest, Way> ways = new ConcurrentHashMap<>();

    /**
     * @param clock nanoseconds since some moment
     */
    Arrivals(LongSupplier clock) {
        this.clock = clock;
    }

    /**
     * An adapter's files are here: they came from the catalog, or were found on the disk and
     * checked.
     */
    void brought(AdapterDigest digest, From from, String stage, long nanos) {
        ways.put(digest, new Way(from, Map.of(stage, nanos), Long.MAX_VALUE));
    }

    /** An adapter came back from the engine's host memory. */
    void reloaded(AdapterDigest digest) {
        ways.put(digest, new Way(From.HOST, Map.of(), clock.getAsLong()));
    }

    /** An adapter was loaded from its files. */
    void loaded(AdapterDigest digest, long readNanos, long loadNanos) {
        long now = clock.getAsLong();
        ways.compute(
                digest,
                (_, before) -> {
                    boolean brought = before != null && before.arrivedNanos == Long.MAX_VALUE;
                    Way files = brought ? before : new Way(From.DISK, Map.of(), 0);
                    Way way = files.with("read", readNanos).with("load", loadNanos);
                    return new Way(way.from, way.stageNanos, now);
                });
    }

    /** An adapter has left its slot, or did not get there. */
    void left(AdapterDigest digest) {
        ways.remove(digest);
    }

    /** How an adapter came, for a request that asked at {@code askedNanos} of the clock. */
    AdapterArrival of(AdapterDigest digest, long askedNanos) {
        Way way = ways.get(digest);
        return way == null || way.arrivedNanos - askedNanos < 0
                ? AdapterArrival.RESIDENT
                : new AdapterArrival(way.from, way.stageNanos);
    }
}
