package dev.weft.catalog.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.catalog.RunningCatalog;
import dev.weft.catalog.TestAdapter;
import dev.weft.catalog.fetch.RejectedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class CheckThreadsTest {
    @TempDir private Path folder;
    @AutoClose private final CheckThreads checks = new CheckThreads();

    @Test
    void whileAllPlacesComputeAnotherVirtualThreadRuns() throws Exception {
        int jobs = Math.max(Ingest.AT_ONCE, Runtime.getRuntime().availableProcessors());
        CountDownLatch computing = new CountDownLatch(Ingest.AT_ONCE);
        CountDownLatch other = new CountDownLatch(1);
        List<Future<Boolean>> running = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int job = 0; job < jobs; job++) {
                running.add(threads.submit(() -> checks.run(() -> spin(computing, other))));
            }
            threads.execute(other::countDown);
            for (Future<Boolean> each : running) {
                assertThat(each.get()).as("the other thread has run").isTrue();
            }
        }
        assertThat(computing.getCount()).as("all places were at work").isZero();
    }

    /** Computes, for at most a minute, until all places do and the other thread has run. */
    private static boolean spin(CountDownLatch computing, CountDownLatch other) {
        computing.countDown();
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (computing.getCount() > 0 || other.getCount() > 0) {
            if (System.nanoTime() - end > 0) {
                return false;
            }
            Thread.onSpinWait();
        }
        return true;
    }

    /** The version is rejected by its check, so it was the check that ran on such a thread. */
    @Test
    void anIngestChecksOnThreadsThatEndWithIt() throws Exception {
        Path repo = TestAdapter.write(folder.resolve("adapters/sql"), 4, 1);
        Files.delete(repo.resolve("adapter_config.json"));
        Set<Thread> before = checkThreads();
        Set<Thread> its;
        try (RunningCatalog catalog = RunningCatalog.start(folder)) {
            assertThat(catalog.ingest("sql", repo).path("state").asString()).isEqualTo("Rejected");
            its = checkThreads();
            its.removeAll(before);
            assertThat(its).isNotEmpty().allMatch(Thread::isDaemon);
        }
        for (Thread each : its) {
            each.join(TimeUnit.MINUTES.toMillis(1));
            assertThat(each.isAlive()).isFalse();
        }
    }

    private static Set<Thread> checkThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("catalog-check-"))
                .collect(Collectors.toSet());
    }

    @Test
    void aCallerThatIsInterruptedInterruptsTheWorkAndWaitsForItsEnd() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        AtomicBoolean ended = new AtomicBoolean();
        AtomicReference<Boolean> endedBefore = new AtomicReference<>();
        Thread caller =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                checks.run(() -> untilInterrupted(begun, ended));
                            } catch (InterruptedException e) {
                                endedBefore.set(ended.get());
                            } catch (RejectedException | IOException e) {
                                throw new AssertionError(e);
                            }
                        });
        assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
        caller.interrupt();
        caller.join();
        assertThat(endedBefore.get()).isTrue();
        assertThat(checks.run(() -> "the next")).isEqualTo("the next");
    }

    private static boolean untilInterrupted(CountDownLatch begun, AtomicBoolean ended) {
        begun.countDown();
        while (!Thread.currentThread().isInterrupted()) {
            Thread.onSpinWait();
        }
        ended.set(true);
        return true;
    }

    @Test
    void failuresReachTheCallerAsTheyAre() {
        for (Throwable failure :
                List.of(
                        new RejectedException("CODE", "refused"),
                        new IOException("broken"),
                        new InterruptedException("stopped"),
                        new IllegalStateException("unexpected"),
                        new StackOverflowError())) {
            assertThatThrownBy(() -> checks.run(() -> fail(failure))).isSameAs(failure);
        }
    }

    private static Object fail(Throwable failure)
            throws RejectedException, IOException, InterruptedException {
        switch (failure) {
            case RejectedException refused -> throw refused;
            case IOException broken -> throw broken;
            case InterruptedException stopped -> throw stopped;
            case RuntimeException unexpected -> throw unexpected;
            default -> throw (Error) failure;
        }
    }
}
