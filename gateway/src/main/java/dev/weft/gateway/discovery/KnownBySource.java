package dev.weft.gateway.discovery;

import dev.weft.gateway.discovery.source.SourceName;
import dev.weft.gateway.worker.ListedWorker;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The workers and problems that one source told last. {@link Discovery} changes it under its lock;
 * any thread reads.
 */
final class KnownBySource {
    private static final Logger LOG = LoggerFactory.getLogger(KnownBySource.class);

    /** Problems that are told; others decide how many there are, e.g. a name server. */
    private static final int MOST_TOLD = 5;

    private final SourceName name;
    private final LongSupplier nanos;
    private volatile List<ListedWorker> workers = List.of();
    private volatile String problem = "";
    private final LongAdder failures = new LongAdder();
    private volatile long answered;

    /**
     * A source that has told nothing.
     *
     * @param nanos a time in nanoseconds, of which only differences count
     */
    KnownBySource(SourceName name, LongSupplier nanos) {
        this.name = name;
        this.nanos = nanos;
        this.answered = nanos.getAsLong();
    }

    void found(List<ListedWorker> now, List<String> problems) {
        workers = List.copyOf(now);
        if (problems.isEmpty()) {
            answered = nanos.getAsLong();
        }
        note(text(problems), "workers are not all found by {}: {}; {} are known");
    }

    private static String text(List<String> problems) {
        int more = problems.size() - MOST_TOLD;
        String told = String.join("; ", problems.subList(0, Math.min(MOST_TOLD, problems.size())));
        return more <= 0 ? told : told + "; and " + more + " more";
    }

    void failed(String why) {
        note(why, "workers are not found by {}: {}; those that were found before stay, {} in all");
    }

    private void note(String now, String warning) {
        if (!now.isEmpty()) {
            failures.increment();
        }
        if (now.equals(problem)) {
            return;
        }
        problem = now;
        if (now.isEmpty()) {
            LOG.info("workers are found by {} again: {}", name.word(), workers.size());
        } else {
            LOG.warn(warning, name.word(), now, workers.size());
        }
    }

    /** All workers that the source knows. */
    List<ListedWorker> workers() {
        return workers;
    }

    /** Why the source, or a part of it, can't be asked at present; empty if all of it can. */
    String problem() {
        return problem;
    }

    /** How many times the source, or a part of it, could not be asked. */
    long failures() {
        return failures.sum();
    }

    /** Seconds since the source last answered completely, or since the start. */
    double age() {
        return (nanos.getAsLong() - answered) / 1e9;
    }
}
