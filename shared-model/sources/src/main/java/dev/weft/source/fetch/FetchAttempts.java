package dev.weft.source.fetch;

import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.source.http.StalledException;
import dev.weft.source.object.StoreException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deadline and retries of one fetch. An operation is tried again after a failure that may pass, as
 * long as some of its attempts make progress. For one thread.
 */
public final class FetchAttempts {
    private static final Logger LOG = LoggerFactory.getLogger(FetchAttempts.class);
    private static final int MOST_DOUBLINGS = 4;

    /**
     * Number of corrupt downloads of a file after which its fetch fails: each fetches it whole, and
     * the same wrong bytes tend to come again.
     */
    private static final int MOST_CORRUPTIONS = 2;

    /**
     * The longest pause that an impatient fetch makes for a busy source. If the source asks for a
     * longer one, the fetch fails, and its caller waits.
     */
    private static final Duration LONG = Duration.ofSeconds(10);

    /** A little more than a window of the Hugging Face hub's limits. */
    private static final Duration LONGEST_RETRY_AFTER = Duration.ofMinutes(5).plusSeconds(10);

    private final AttemptLimits limits;
    private final RepositoryRef ref;
    private final long end;
    private int failures;
    private int corruptions;

    /** An operation over the network. */
    public interface Operation<T> {
        /**
         * Makes one attempt.
         *
         * @throws IOException if trying again may help
         * @throws SourceException if it can't
         */
        T run() throws IOException, SourceException, InterruptedException;
    }

    /** Thrown for an answer that may be different later. */
    public static final class BusyException extends IOException {
        private final Duration retryAfter;

        public BusyException(String message, Duration retryAfter) {
            super(message);
            this.retryAfter = retryAfter;
        }
    }

    /** Thrown if the bytes are not the announced ones. */
    public static final class CorruptException extends IOException {
        public CorruptException(String message) {
            super(message);
        }
    }

    public FetchAttempts(AttemptLimits limits, RepositoryRef ref) {
        this.limits = limits;
        this.ref = ref;
        this.end = System.nanoTime() + limits.deadline().toNanos();
    }

    /** The time left; zero or less once the deadline has passed. */
    public long nanosLeft() {
        return end - System.nanoTime();
    }

    /** Notes that something arrived: earlier failures no longer count. */
    public void progressed() {
        failures = 0;
    }

    public <T> T run(String what, Operation<T> operation) throws SourceException {
        failures = 0;
        corruptions = 0;
        while (true) {
            try {
                if (nanosLeft() <= 0) {
                    throw new SourceException(
                            SourceFault.TIMEOUT,
                            ref + ": " + what + ": not done within " + limits.deadline());
                }
                return operation.run();
            } catch (IOException e) {
                if (Thread.currentThread().isInterrupted()) {
                    throw interrupted(e);
                }
                failures++;
                corruptions += e instanceof CorruptException ? 1 : 0;
                if (failures >= limits.attempts() || corruptions >= MOST_CORRUPTIONS) {
                    throw failed(what, e);
                }
                pause(what, e);
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
        }
    }

    public SourceException interrupted(Exception e) {
        Thread.currentThread().interrupt();
        return new SourceException(SourceFault.INTERRUPTED, ref + ": interrupted", e);
    }

    private SourceException failed(String what, IOException e) {
        SourceFault fault =
                switch (e) {
                    case SocketTimeoutException _ -> SourceFault.TIMEOUT;
                    case StalledException _ -> SourceFault.TIMEOUT;
                    case StoreException store when store.kind() == StoreException.Kind.TIMEOUT ->
                            SourceFault.TIMEOUT;
                    case CorruptException _ -> SourceFault.CORRUPT;
                    default -> SourceFault.UNREACHABLE;
                };
        return new SourceException(
                fault,
                ref
                        + ": "
                        + what
                        + " failed "
                        + failures
                        + " times: "
                        + describe(e)
                        + (fault == SourceFault.CORRUPT ? "" : "; try again later"),
                e);
    }

    /**
     * The message of the failure's cause, if it has one: clients wrap it in words that say less.
     */
    private static String describe(IOException e) {
        Throwable cause = e.getCause() instanceof IOException inner ? inner : e;
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    private void pause(String what, IOException e) throws SourceException {
        long nanos = limits.backoff().toNanos() << Math.min(failures - 1, MOST_DOUBLINGS);
        nanos += ThreadLocalRandom.current().nextLong(nanos / 2 + 1);
        if (e instanceof BusyException busy) {
            if (!limits.patient() && busy.retryAfter.compareTo(LONG) > 0) {
                throw failed(what, e);
            }
            nanos = Math.max(nanos, cut(busy.retryAfter).toNanos());
        }
        LOG.info("{}: {} failed ({}) and is tried again", ref, what, describe(e));
        try {
            TimeUnit.NANOSECONDS.sleep(Math.clamp(nanosLeft(), 0, nanos));
        } catch (InterruptedException interrupt) {
            throw interrupted(interrupt);
        }
    }

    private static Duration cut(Duration retryAfter) {
        return retryAfter.compareTo(LONGEST_RETRY_AFTER) > 0 ? LONGEST_RETRY_AFTER : retryAfter;
    }
}
