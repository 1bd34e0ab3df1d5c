package dev.weft.inference.server.residency.artifact;

import dev.weft.inference.engine.statistics.Histogram;
import dev.weft.protocol.adapter.AdapterDigest;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Times to make adapters ready from their files, by stage. Any thread. */
public final class LoadTimes {
    private static final double NANOS = 1e9;

    /** The stages, in order. */
    enum Stage {
        /** The adapter's files are fetched from the catalog. */
        FETCH,
        /** The files are checked against the adapter's digest. */
        VERIFY,
        /** The files are opened. */
        READ,
        /**
         * The engine takes the adapter into a slot; this includes the wait for a slot that is being
         * freed.
         */
        LOAD,
        /** All stages that a load took, and its wait for a thread. */
        ALL
    }

    private final Map<Stage, Histogram> seconds = new EnumMap<>(Stage.class);
    private final Map<AdapterDigest, Long> beforehand = new ConcurrentHashMap<>();
    private final LongAdder succeeded = new LongAdder();
    private final LongAdder failed = new LongAdder();

    LoadTimes() {
        for (Stage stage : Stage.values()) {
            seconds.put(
                    stage,
                    new Histogram(
                            0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
                            30, 60, 300));
        }
    }

    /** A fetch or a check has ended; {@code begun} is by {@link System#nanoTime()}. */
    void prepared(Stage stage, AdapterDigest digest, long begun) {
        long nanos = System.nanoTime() - begun;
        record(stage, nanos);
        beforehand.merge(digest, nanos, Long::sum);
    }

    /**
     * An adapter is in its slot; moments by {@link System#nanoTime()}.
     *
     * @param asked when its load was asked for
     * @param begun when a thread began with it
     * @param opened when its files were open
     */
    public void loaded(AdapterDigest digest, long asked, long begun, long opened) {
        long now = System.nanoTime();
        record(Stage.READ, opened - begun);
        record(Stage.LOAD, now - opened);
        Long before = beforehand.remove(digest);
        record(Stage.ALL, now - asked + (before == null ? 0 : before));
        succeeded.increment();
    }

    /** Fetching, checking or loading has failed. */
    public void failed(AdapterDigest digest) {
        beforehand.remove(digest);
        failed.increment();
    }

    private void record(Stage stage, long nanos) {
        Histogram histogram = seconds.get(stage);
        if (histogram != null) {
            histogram.record(nanos / NANOS);
        }
    }

    /** Loads that have succeeded. */
    public long succeeded() {
        return succeeded.sum();
    }

    /** Loads that have failed, fetches and checks included. */
    public long failed() {
        return failed.sum();
    }

    /** Seconds by the stage's name in lower case; every stage is there. */
    public Map<String, Histogram.Snapshot> seconds() {
        Map<String, Histogram.Snapshot> all = new LinkedHashMap<>();
        seconds.forEach((stage, histogram) ->
                all.put(stage.name().toLowerCase(Locale.ROOT), histogram.snapshot()));
        return all;
    }
}
