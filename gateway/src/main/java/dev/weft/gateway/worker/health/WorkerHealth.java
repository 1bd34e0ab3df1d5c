package dev.weft.gateway.worker.health;

import java.net.URI;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a worker's answers say of it, and what keeps it from requests for a while. Any thread. */
public final class WorkerHealth {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerHealth.class);

    private static final int USUAL_BYTES = 4096;

    private final URI worker;
    private final Ejection ejection;
    private final FirstTokens firstTokens;
    private final AtomicLong ejections = new AtomicLong();

    /**
     * The health of a worker of which nothing is known yet.
     *
     * @param nanos a time in nanoseconds, of which only differences count
     */
    public WorkerHealth(URI worker, LongSupplier nanos) {
        this.worker = worker;
        this.ejection = new Ejection(nanos);
        this.firstTokens = new FirstTokens(nanos);
    }

    /** Notes that a request failed by the worker's fault. */
    public void failed() {
        if (ejection.failed()) {
            ejected("they fail one after the other");
        }
    }

    /** Notes that a request went well. */
    public void answered() {
        ejection.answered();
    }

    /**
     * Notes how long a stream took to begin. A long prompt takes its time anywhere.
     *
     * @param time in nanoseconds
     * @param bytes of its request
     */
    public void began(long time, int bytes) {
        firstTokens.add(time / (1 + bytes / USUAL_BYTES));
    }

    /**
     * The median time of its streams to begin, in nanoseconds for each 4 KB of a request; empty if
     * it had too few lately.
     */
    public OptionalLong firstToken() {
        return firstTokens.median();
    }

    /** Its streams take much longer to begin than those of others. */
    public void slow(String why) {
        if (ejection.slow()) {
            firstTokens.clear();
            ejected(why);
        }
    }

    private void ejected(String why) {
        ejections.incrementAndGet();
        LOG.warn("worker {} gets no requests for a while: {}", worker, why);
    }

    /** The part of the requests that would come to it that it gets, 0 to 1. */
    public double share() {
        return ejection.share();
    }

    /** How many times it was kept from requests. */
    public long ejections() {
        return ejections.get();
    }
}
