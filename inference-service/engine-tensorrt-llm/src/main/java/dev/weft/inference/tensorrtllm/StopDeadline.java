package dev.weft.inference.tensorrtllm;

import dev.weft.inference.tensorrtllm.triton.ProcessEnd;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The time that TensorRT-LLM has to stop: its requests leave, and the model is unloaded, which
 * frees the GPU's memory. If the time is over, the process ends, since native threads that go on
 * while the JVM ends would crash it, or keep it for ever. {@link #close} means that all has
 * stopped.
 */
final class StopDeadline implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StopDeadline.class);

    private static final Duration POLL = Duration.ofMillis(2);

    /** Exit code of a process that ends because the time is over. */
    static final int STATUS = 70;

    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Rules rules;
    private final long endNanos;

    /**
     * How a stop ends.
     *
     * @param time for all of it
     * @param end run if it takes longer; ends the process
     */
    record Rules(Duration time, Runnable end) {
        /** The rules of workers: the time that a model on GPUs needs, with something to spare. */
        static final Rules OF_WORKERS =
                new Rules(Duration.ofSeconds(30), () -> ProcessEnd.now(STATUS));

        /** Begins to count the time. */
        StopDeadline begin() {
            return new StopDeadline(this);
        }
    }

    private StopDeadline(Rules rules) {
        this.rules = rules;
        this.endNanos = System.nanoTime() + rules.time.toNanos();
        Thread.ofPlatform().daemon().name("weft-tensorrt-llm-stop").start(this::watch);
    }

    /** Waits for a condition as long as there is time. */
    boolean await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > endNanos) {
                return false;
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
        return true;
    }

    /** Ends the process, since threads that go on can't be stopped. */
    void giveUp(String why) {
        LOG.error("TensorRT-LLM has not stopped ({}): the process ends without it", why);
        rules.end.run();
    }

    private void watch() {
        try {
            if (!stopped.await(rules.time.toMillis(), TimeUnit.MILLISECONDS)) {
                giveUp("it takes longer than " + rules.time.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stopped.countDown();
    }
}
