package dev.weft.inference.relay.host;

import dev.weft.inference.relay.adapter.RelayName;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/**
 * Unloads adapters that nobody holds any more from the server, one after the other. It has a thread
 * of its own, since a server may take long and its watch has to go on. If the server keeps an
 * adapter, it is asked again after a pause that doubles up to five minutes. Any thread.
 */
final class LeftOvers implements AutoCloseable {
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

    private final Predicate<RelayName> wanted;
    private final Predicate<RelayName> unload;
    private final ExecutorService unloads =
            Executors.newSingleThreadExecutor(Thread.ofVirtual().name("left-overs").factory());
    private final Map<RelayName, Attempt> attempts = new HashMap<>();
    private boolean closed;

    /** The attempts to unload one adapter; guarded by the outer object. */
    private static final class Attempt {
        private CompletableFuture<Void> done = CompletableFuture.completedFuture(null);
        private boolean begun;
        private Duration pause = FIRST_PAUSE;

        /** The moment before which it isn't tried again; {@link System#nanoTime()}. */
        private long next = System.nanoTime();
    }

    /**
     * @param wanted whether somebody holds an adapter, or loads it
     * @param unload has the server forget one; false if it may still know it
     */
    LeftOvers(Predicate<RelayName> wanted, Predicate<RelayName> unload) {
        this.wanted = wanted;
        this.unload = unload;
    }

    /**
     * Has the server forget an adapter, unless an attempt runs or was made a short time ago, or
     * this is closed.
     */
    synchronized void unload(RelayName name) {
        if (closed) {
            return;
        }
        Attempt attempt = attempts.computeIfAbsent(name, _ -> new Attempt());
        if (attempt.done.isDone() && System.nanoTime() - attempt.next >= 0) {
            attempt.begun = false;
            attempt.done = CompletableFuture.runAsync(() -> run(name, attempt), unloads);
        }
    }

    private void run(RelayName name, Attempt attempt) {
        synchronized (this) {
            if (attempts.get(name) != attempt || wanted.test(name)) {
                return;
            }
            attempt.begun = true;
        }
        boolean gone = unload.test(name);
        synchronized (this) {
            if (gone) {
                attempts.remove(name, attempt);
                return;
            }
            attempt.next = System.nanoTime() + attempt.pause.toNanos();
            Duration twice = attempt.pause.multipliedBy(2);
            attempt.pause = twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
        }
    }

    /**
     * Stops attempts to unload an adapter that is about to be loaded; returns when no unload of it
     * is under way.
     *
     * @return false if an unload is still under way after the patience
     */
    boolean keep(RelayName name, Duration patience) throws InterruptedException {
        CompletableFuture<Void> done;
        synchronized (this) {
            Attempt attempt = attempts.remove(name);
            if (attempt == null || !attempt.begun) {
                return true;
            }
            done = attempt.done;
        }
        try {
            done.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException e) {
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        unloads.shutdownNow();
    }
}
