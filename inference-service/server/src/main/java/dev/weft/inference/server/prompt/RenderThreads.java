package dev.weft.inference.server.prompt;

import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Reads and renders chat templates, and does other work of that kind, on a few threads of their
 * own, so that one adapter's templates never take the cores from others' requests, the probes or
 * the engine's callers. A deadline interrupts each piece of work, and a bound limits how much
 * waits. Callers that wait take turns. Any thread; an interrupted caller takes its work back.
 */
public final class RenderThreads implements AutoCloseable {
    /** Templates are bounded in depth; this holds far more than they may take. */
    private static final long STACK_BYTES = 4 << 20;

    private final Bounds bounds;
    private final Words words;

    /** The pool's queue has a ticket for each piece of work in {@link #turns}. */
    private final ExecutorService threads;

    /** Waiting work by its owner; the owner whose turn is next comes first. */
    private final LinkedHashMap<Object, Deque<FutureTask<?>>> turns = new LinkedHashMap<>();

    private int waiting;

    /**
     * How much work there may be at once.
     *
     * @param threads that render
     * @param waiting pieces of work besides those under way
     * @param longest time of one piece, from the call on
     */
    public record Bounds(int threads, int waiting, Duration longest) {
        /** The places of one owner: a quarter, so that a flooding owner leaves some to others. */
        int waitingOfOne() {
            return Math.max(1, waiting / 4);
        }

        /** Half of the cores; the rest is the engine's. */
        public static Bounds ofThisMachine() {
            int cores = Runtime.getRuntime().availableProcessors();
            return new Bounds(Math.max(1, cores / 2), 256, Duration.ofSeconds(10));
        }
    }

    /**
     * The names of the threads, and the messages for callers.
     *
     * @param thread the beginning of the threads' names
     * @param crowded says that too much waits already
     * @param late says that the work has not ended in time
     */
    public record Words(String thread, String crowded, String late) {
        static final Words CHATS =
                new Words(
                        "render",
                        "too many chats wait to be rendered",
                        "the chat was not rendered");
    }

    /** Threads that render chats. */
    public RenderThreads(Bounds bounds) {
        this(bounds, Words.CHATS);
    }

    /** Threads for work of another kind. */
    public RenderThreads(Bounds bounds, Words words) {
        AtomicInteger names = new AtomicInteger();
        ThreadFactory factory =
                work -> {
                    String name = words.thread() + "-" + names.getAndIncrement();
                    Thread thread = new Thread(null, work, name, STACK_BYTES);
                    thread.setDaemon(true);
                    return thread;
                };
        this.bounds = bounds;
        this.words = words;
        this.threads = Executors.newFixedThreadPool(bounds.threads(), factory);
    }

    /**
     * Runs a piece of work and returns its outcome.
     *
     * @param whose owners take turns, so that one that asks for much delays another by one piece
     * @throws ApiException of the work itself; {@code OVERLOADED} if too much waits already, or it
     *     has not ended in time
     */
    public <T> T run(Object whose, Callable<T> work) throws InterruptedException {
        FutureTask<T> task = new FutureTask<>(work);
        if (!add(whose, task)) {
            throw new ApiException(ErrorCode.OVERLOADED, words.crowded() + "; try again");
        }
        try {
            threads.execute(this::next);
            return task.get(bounds.longest().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new ApiException(
                    ErrorCode.OVERLOADED,
                    words.late() + " within " + bounds.longest().toSeconds() + " s",
                    e);
        } catch (ExecutionException e) {
            throw unwrapped(e.getCause());
        } finally {
            // if it is over, this changes nothing
            task.cancel(true);
            remove(whose, task);
        }
    }

    private synchronized boolean add(Object whose, FutureTask<?> task) {
        Deque<FutureTask<?>> theirs = turns.getOrDefault(whose, new ArrayDeque<>());
        if (waiting >= bounds.waiting() || theirs.size() >= bounds.waitingOfOne()) {
            return false;
        }
        waiting++;
        theirs.add(task);
        turns.putIfAbsent(whose, theirs);
        return true;
    }

    /** Runs the next piece in turn, unless it was taken back meanwhile. */
    private void next() {
        FutureTask<?> task = poll();
        if (task != null) {
            task.run();
        }
    }

    private synchronized @Nullable FutureTask<?> poll() {
        Map.Entry<Object, Deque<FutureTask<?>>> first = turns.pollFirstEntry();
        if (first == null) {
            return null;
        }
        Deque<FutureTask<?>> theirs = first.getValue();
        FutureTask<?> task = theirs.poll();
        waiting--;
        if (!theirs.isEmpty()) {
            turns.putLast(first.getKey(), theirs);
        }
        return task;
    }

    private synchronized void remove(Object whose, FutureTask<?> task) {
        Deque<FutureTask<?>> theirs = turns.get(whose);
        if (theirs != null && theirs.remove(task)) {
            waiting--;
            if (theirs.isEmpty()) {
                turns.remove(whose);
            }
        }
    }

    private static RuntimeException unwrapped(@Nullable Throwable cause) {
        return switch (cause) {
            case Error error -> throw error;
            case RuntimeException failure -> failure;
            case null, default -> new IllegalStateException(cause);
        };
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
