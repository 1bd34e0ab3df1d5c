package dev.weft.catalog.ingest;

import dev.weft.catalog.fetch.RejectedException;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;

/**
 * Platform threads for what computes for seconds: checks, norms and conversions. On virtual
 * threads, of which only as many run as there are cores, this work would hold up all others of the
 * process. They are as many as there are places for jobs. Safe for any thread.
 */
final class CheckThreads implements AutoCloseable {
    private final ExecutorService threads =
            Executors.newFixedThreadPool(
                    Ingest.AT_ONCE,
                    Thread.ofPlatform().name("catalog-check-", 0).daemon().factory());

    /** Work on the files of a job. */
    interface Work<T> {
        T run() throws RejectedException, IOException, InterruptedException;
    }

    private static final class Task<T> extends FutureTask<T> {
        private final CountDownLatch ended = new CountDownLatch(1);

        Task(Callable<T> work) {
            super(work);
        }

        @Override
        public void run() {
            try {
                super.run();
            } finally {
                ended.countDown();
            }
        }

        /** Interrupts the work and waits for its end. */
        void stop() {
            cancel(true);
            boolean running = true;
            while (running) {
                try {
                    ended.await();
                    running = false;
                } catch (InterruptedException e) {
                    // the job ends already, and its files are in use until the work ends
                }
            }
        }
    }

    /**
     * Has work done, and waits for it. If the caller is interrupted, so is the work; the call
     * returns when the work has ended, since the job's files are in use until then.
     *
     * @throws InterruptedException if the caller or the work was interrupted
     * @throws java.util.concurrent.RejectedExecutionException if the threads are closed
     */
    <T> T run(Work<T> work) throws RejectedException, IOException, InterruptedException {
        Task<T> task = new Task<>(work::run);
        threads.execute(task);
        try {
            return task.get();
        } catch (InterruptedException e) {
            task.stop();
            throw e;
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RejectedException refused -> throw refused;
                case IOException broken -> throw broken;
                case InterruptedException stopped -> throw stopped;
                case RuntimeException unexpected -> throw unexpected;
                case Error error -> throw error;
                case null, default -> throw new IllegalStateException("a check failed", e);
            }
        }
    }

    /** Takes no more work. What is under way ends with its job, or with the process. */
    @Override
    public void close() {
        threads.shutdown();
    }
}
