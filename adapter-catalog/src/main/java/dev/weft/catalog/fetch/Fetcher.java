package dev.weft.catalog.fetch;

import dev.weft.source.fetch.SourceException;
import dev.weft.source.fetch.SourceFault;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries a fetch until it succeeds, can't succeed, or passes its deadline. Between tries it waits,
 * longer each time up to 5 seconds. Time in which a source is unavailable doesn't count, up to
 * three times the deadline's whole time: a hub's outage isn't an adapter's fault.
 */
public final class Fetcher {
    private static final Logger LOG = LoggerFactory.getLogger(Fetcher.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    /** How many times as long a fetch may last if its source is unavailable. */
    static final int TIMES_AWAY = 4;

    private final ExecutorService threads;

    public Fetcher(ExecutorService threads) {
        this.threads = threads;
    }

    /** Waits between two tries, with the reason. */
    public interface Pause {
        void of(Duration time, String why) throws InterruptedException;
    }

    /**
     * Fetches.
     *
     * @param what for the log and for reasons, e.g. {@code adapter sql}
     * @throws DiskException if the files can't be written here; the caller waits for the operator
     */
    public <T> T fetch(String what, Callable<T> attempt, FetchDeadline given, Pause pauses)
            throws RejectedException, IOException, InterruptedException {
        Duration pause = FIRST_PAUSE;
        FetchDeadline deadline = given;
        while (true) {
            String why;
            long begun = given.nanos().getAsLong();
            try {
                return once(attempt, deadline);
            } catch (SourceException e) {
                if (e.fault() == SourceFault.INTERRUPTED) {
                    throw new InterruptedException("stopped while fetching " + what);
                }
                if (e.fault() == SourceFault.STORAGE) {
                    throw new DiskException(e);
                }
                if (!SourceReasons.passes(e)) {
                    throw new RejectedException(
                            SourceReasons.code(e), String.valueOf(e.getMessage()));
                }
                if (SourceReasons.away(e)) {
                    deadline = withoutAway(deadline, given.latest(), begun, pause);
                }
                if (deadline.left().compareTo(pause) <= 0) {
                    throw late(what, given, e);
                }
                why = String.valueOf(e.getMessage());
                LOG.info("{}: {}; it is tried again in {} ms", what, why, pause.toMillis());
            } catch (TimeoutException e) {
                throw late(what, given, e);
            }
            pauses.of(pause, why);
            pause = longer(pause);
        }
    }

    private static Duration longer(Duration pause) {
        Duration twice = pause.multipliedBy(2);
        return twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
    }

    /**
     * Moves the deadline by the time of the last attempt and the pause after it, but not beyond
     * {@code latest}.
     */
    private static FetchDeadline withoutAway(
            FetchDeadline deadline, FetchDeadline latest, long begun, Duration pause) {
        Duration away = Duration.ofNanos(deadline.nanos().getAsLong() - begun).plus(pause);
        FetchDeadline later = deadline.later(away);
        return later.isAfter(latest) ? latest : later;
    }

    private <T> T once(Callable<T> attempt, FetchDeadline deadline)
            throws SourceException,
                    RejectedException,
                    IOException,
                    TimeoutException,
                    InterruptedException {
        Future<T> running = threads.submit(attempt);
        try {
            return running.get(deadline.left().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case SourceException failed -> throw failed;
                case RejectedException refused -> throw refused;
                case IOException broken -> throw broken;
                case InterruptedException stopped -> throw stopped;
                case RuntimeException unexpected -> throw unexpected;
                case Error error -> throw error;
                case null, default -> throw new IllegalStateException("the fetch failed", e);
            }
        } finally {
            running.cancel(true);
        }
    }

    private static RejectedException late(String what, FetchDeadline deadline, Exception last) {
        String within =
                " within " + deadline.whole().toSeconds() + " s (weft.catalog.ingest-timeout)";
        if (last instanceof SourceException failed && SourceReasons.away(failed)) {
            within +=
                    " and " + deadline.whole().multipliedBy(TIMES_AWAY - 1).toSeconds() + " s more";
        }
        return last instanceof SourceException failed
                ? new RejectedException(
                        SourceReasons.code(failed),
                        what + " could not be fetched" + within + ": " + failed.getMessage())
                : new RejectedException("DEADLINE_EXCEEDED", what + " was not fetched" + within);
    }
}
