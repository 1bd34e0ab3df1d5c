package dev.weft.protocol.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LoopTest {
    private static final Duration LONG = Duration.ofHours(1);

    private final AtomicLong nanos = new AtomicLong();
    private final Loops loops = new Loops(nanos::get);

    @Test
    void goesOnAfterWhateverFails() throws Exception {
        Turn[] failures = {
            () -> {
                throw new IOException("away");
            },
            () -> {
                throw new StackOverflowError();
            },
            () -> {
                throw new OutOfMemoryError("direct buffers");
            },
            () -> {
                throw new InterruptedException("by nobody");
            }
        };
        AtomicInteger turns = new AtomicInteger();
        CountDownLatch over = new CountDownLatch(1);
        Loop loop =
                loops.loop(
                        "test",
                        () -> {
                            int turn = turns.getAndIncrement();
                            if (turn < failures.length) {
                                return failures[turn].take();
                            }
                            over.countDown();
                            return LONG;
                        });
        try (loop) {
            loop.start();
            over.await();
        }
        assertThat(loops.failures()).isEqualTo(Map.of("test", 4L));
    }

    @Test
    void goesOnWhereATurnLeavesItsThreadInterrupted() throws Exception {
        AtomicInteger turns = new AtomicInteger();
        CountDownLatch over = new CountDownLatch(3);
        Loop loop =
                loops.loop(
                        "test",
                        () -> {
                            turns.incrementAndGet();
                            Thread.currentThread().interrupt();
                            over.countDown();
                            return LONG;
                        });
        try (loop) {
            loop.start();
            over.await();
        }
        assertThat(loops.failures()).isEqualTo(Map.of("test", 0L));
    }

    @Test
    void aWakeUpBringsTheNextTurnAtOnce() throws Exception {
        Semaphore turns = new Semaphore(0);
        try (Loop loop =
                loops.loop(
                        "test",
                        () -> {
                            turns.release();
                            return LONG;
                        })) {
            loop.start();
            turns.acquire();
            loop.wake();
            assertThat(turns.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void closingEndsTheTurnUnderWayWithoutCountingIt() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        Loop loop =
                loops.loop(
                        "test",
                        "one",
                        () -> {
                            begun.countDown();
                            new Semaphore(0).acquire();
                            return LONG;
                        },
                        ended::countDown);
        loop.start();
        begun.await();
        loop.close();
        ended.await();
        assertThat(loops.failures()).isEqualTo(Map.of("test", 0L));
    }

    @Test
    void aTurnThatHangsIsSeenAndAPauseIsNot() throws Exception {
        Semaphore turns = new Semaphore(0);
        Semaphore may = new Semaphore(0);
        try (Loop loop =
                loops.loop(
                        "test",
                        () -> {
                            turns.release();
                            may.acquire();
                            return LONG;
                        })) {
            loop.start();
            turns.acquire();
            nanos.addAndGet(TimeUnit.SECONDS.toNanos(90));
            assertThat(loops.overdue()).isEqualTo(Map.of("test", Duration.ofSeconds(90)));
            loop.goesOn();
            assertThat(loops.overdue()).isEqualTo(Map.of("test", Duration.ZERO));
            may.release();
            loop.wake();
            turns.acquire(); // the second turn: the first has ended
            may.release();
        }
        assertThat(loops.overdue()).isEqualTo(Map.of("test", Duration.ZERO));
    }
}
