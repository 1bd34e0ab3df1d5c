package dev.weft.catalog;

import dev.weft.protocol.feed.CatalogView;
import dev.weft.protocol.feed.FeedFollower;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Measures the change feed over HTTP, with catalog and follower in one JVM: a gateway's wait until
 * it knows all names, and until it knows a change. The gateway answers from the view that is
 * measured here.
 */
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class FeedBenchmark {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** A database that holds adapters. */
    @State(Scope.Benchmark)
    public static class Filled {
        @Param("100000")
        public int adapters;

        @Param({"H2", "POSTGRESQL"})
        public FilledCatalog.Kind database = FilledCatalog.Kind.H2;

        private @Nullable FilledCatalog filled;

        @Setup(Level.Trial)
        public void fill() throws IOException, InterruptedException {
            Path folder = Files.createTempDirectory("weft-feed");
            filled = FilledCatalog.fill(folder, database, adapters);
        }

        @TearDown(Level.Trial)
        public void close() throws IOException {
            catalog().close();
        }

        private FilledCatalog catalog() {
            return Objects.requireNonNull(filled);
        }
    }

    /** A catalog that isn't started yet. */
    @State(Scope.Benchmark)
    public static class Starting {
        private @Nullable RunningCatalog catalog;

        RunningCatalog start(Filled filled) throws Exception {
            RunningCatalog started = filled.catalog().start();
            catalog = started;
            return started;
        }

        @TearDown(Level.Trial)
        public void close() {
            Objects.requireNonNull(catalog).close();
        }
    }

    /** A ready catalog, and a gateway's view of it. */
    @State(Scope.Benchmark)
    public static class Ready {
        private @Nullable RunningCatalog catalog;
        private @Nullable FeedFollower follower;
        private CatalogView view = new CatalogView();
        private int adapters;

        @Setup(Level.Trial)
        public void start(Filled filled) throws Exception {
            adapters = filled.adapters;
            catalog = filled.catalog().start();
        }

        @TearDown(Level.Iteration)
        public void leave() {
            if (follower != null) {
                follower.close();
                follower = null;
            }
        }

        @TearDown(Level.Trial)
        public void close() {
            catalog().close();
        }

        RunningCatalog catalog() {
            return Objects.requireNonNull(catalog);
        }

        CatalogView follow() throws InterruptedException {
            view = new CatalogView();
            follower = catalog().follower(view);
            follower.start();
            if (!follower.awaitInitialised(PATIENCE) || view.size() < adapters - 1) {
                throw new IllegalStateException(view.size() + " names within 60 s");
            }
            return view;
        }
    }

    /** A gateway that knows all names. */
    @State(Scope.Benchmark)
    public static class Following {
        private boolean enabled = true;

        @Setup(Level.Iteration)
        public void follow(Ready ready) throws InterruptedException {
            ready.follow();
        }
    }

    /** Measures a catalog in a fresh JVM, from its start until it says that it is ready. */
    @Benchmark
    @BenchmarkMode(Mode.SingleShotTime)
    @Fork(5)
    @Warmup(iterations = 0)
    @Measurement(iterations = 1)
    public RunningCatalog start(Filled filled, Starting starting) throws Exception {
        return starting.start(filled);
    }

    /**
     * Measures two sides that have just started: the catalog is ready, and no snapshot was sent or
     * read in this JVM before.
     */
    @Benchmark
    @BenchmarkMode(Mode.SingleShotTime)
    @Fork(5)
    @Warmup(iterations = 0)
    @Measurement(iterations = 1)
    public CatalogView first(Ready ready) throws InterruptedException {
        return ready.follow();
    }

    /** Measures a gateway that connects to a catalog that has served others before. */
    @Benchmark
    @BenchmarkMode(Mode.SingleShotTime)
    @Fork(2)
    @Warmup(iterations = 10)
    @Measurement(iterations = 10)
    public CatalogView again(Ready ready) throws InterruptedException {
        return ready.follow();
    }

    /**
     * Measures the time from the admin API's request to the view that shows the change; disables
     * and enables in turn.
     */
    @Benchmark
    @BenchmarkMode(Mode.SampleTime)
    @Fork(2)
    @Warmup(iterations = 2, time = 5)
    @Measurement(iterations = 3, time = 5)
    public void change(Ready ready, Following following) throws Exception {
        String name = FilledCatalog.name(ready.adapters / 2);
        boolean enabled = !following.enabled;
        following.enabled = enabled;
        ready.catalog().post("/admin/v1/adapters/" + name + (enabled ? "/enable" : "/disable"), "");
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (ready.view.find(name).isPresent() != enabled) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException(name + " did not change within 60 s");
            }
            LockSupport.parkNanos(50_000);
        }
    }
}
