package dev.weft.inference.relay.host;

import dev.weft.inference.engine.EngineException;
import dev.weft.inference.relay.adapter.RelayName;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Adapters that the server has to prove again before a request uses them: it forgot them, or it was
 * away. A server that takes such an adapter and does not apply it answers as the base does, without
 * an error. Any thread.
 */
final class Doubts {
    /** What a server refuses once, it seldom takes a moment later. */
    private static final Duration REFUSED = Duration.ofMinutes(1);

    private static final Duration OTHERS = Duration.ofMinutes(5);

    private final Map<RelayName, Doubt> doubts = new ConcurrentHashMap<>();

    private static final class Doubt {
        /** One thread has the server prove the adapter; others wait for the result. */
        private final ReentrantLock turn = new ReentrantLock(true);

        private volatile @Nullable Refusal refusal;

        /** The refusal, if it is recent; else null. */
        private @Nullable Refusal recent() {
            Refusal now = refusal;
            return now != null && System.nanoTime() - now.since < REFUSED.toNanos() ? now : null;
        }
    }

    private record Refusal(String why, long since) {}

    /** Has the server prove an adapter. */
    @FunctionalInterface
    interface Proof {
        /**
         * Returns if it is proven.
         *
         * @throws EngineException {@code INVALID_ADAPTER} if the server refuses or doesn't apply it
         */
        void run() throws IOException, InterruptedException;
    }

    /** The adapter has to be proven from now on. */
    void raise(RelayName name) {
        doubts.computeIfAbsent(name, _ -> new Doubt());
    }

    /**
     * Raises a doubt like {@link #raise}; earlier refusals and proofs under way don't count any
     * more.
     */
    void raiseAnew(RelayName name) {
        doubts.put(name, new Doubt());
    }

    /** Marks the adapter as refused: it is not proven again before a minute has passed. */
    void refuse(RelayName name, String why) {
        doubts.computeIfAbsent(name, _ -> new Doubt()).refusal =
                new Refusal(why, System.nanoTime());
    }

    /** Whether the adapter was refused a short time ago. */
    boolean isRefused(RelayName name) {
        Doubt doubt = doubts.get(name);
        return doubt != null && doubt.recent() != null;
    }

    /** Whether the adapter has to prove itself, and was not refused a short time ago. */
    boolean isOpen(RelayName name) {
        Doubt doubt = doubts.get(name);
        return doubt != null && doubt.recent() == null;
    }

    /** Forgets the doubt about an adapter that is gone. */
    void drop(RelayName name) {
        doubts.remove(name);
    }

    /**
     * Returns if the adapter is not in doubt, at once or after a proof.
     *
     * @throws EngineException {@code INVALID_ADAPTER} if it was refused, now or a short time ago;
     *     {@code FAILED} if the server fails
     */
    void settle(RelayName name, Proof proof) throws IOException, InterruptedException {
        // a doubt that was raised anew meanwhile needs a proof of its own
        for (Doubt doubt = doubts.get(name); doubt != null; doubt = doubts.get(name)) {
            settle(name, doubt, proof);
        }
    }

    private void settle(RelayName name, Doubt doubt, Proof proof)
            throws IOException, InterruptedException {
        if (!doubt.turn.tryLock(OTHERS.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new EngineException(
                    EngineException.Cause.FAILED,
                    "the server has not proven the adapter for " + OTHERS.toSeconds() + " s");
        }
        try {
            if (doubts.get(name) == doubt) {
                prove(name, doubt, proof);
            }
        } finally {
            doubt.turn.unlock();
        }
    }

    private void prove(RelayName name, Doubt doubt, Proof proof)
            throws IOException, InterruptedException {
        Refusal earlier = doubt.recent();
        if (earlier != null) {
            throw EngineException.invalidAdapter(earlier.why);
        }
        try {
            proof.run();
            doubts.remove(name, doubt);
        } catch (EngineException e) {
            if (e.reason() == EngineException.Cause.INVALID_ADAPTER) {
                doubt.refusal = new Refusal(String.valueOf(e.getMessage()), System.nanoTime());
            }
            throw e;
        }
    }
}
