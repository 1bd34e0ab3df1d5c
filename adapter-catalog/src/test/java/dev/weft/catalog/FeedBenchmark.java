package dev.weft.catalog;

import dev.weft.model.feed.CatalogView;
import dev.weft.model.feed.FeedFollower;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
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
 * The change feed over HTTP, catalog and follower in one JVM: what a gateway waits for before it
 * knows all names, and until it knows of a change. It answers from the view that is looked at here.
 */
@State(Scope.Benchmark)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class FeedBenchmark {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Param("100000")
    public int adapters;

    @Param({"H2", "POSTGRESQL"})
    public FilledCatalog.Kind database = FilledCatalog.Kind.H2;

    private @Nullable FilledCatalog filled;
    private CatalogView view = new CatalogView();
    private @Nullable FeedFollower follower;
    private boolean enabled = true;

    @Setup(Level.Trial)
    public void fill() throws IOException {
        Path folder = Files.createTempDirectory("weft-feed");
        filled = FilledCatalog.start(folder, database, adapters);
    }

    @TearDown(Level.Iteration)
    public void leave() {
        if (follower != null) {
            follower.close();
            follower = null;
        }
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
        catalog().close();
    }

    /** Both sides have just started: no snapshot was made or read in this JVM before. */
    @Benchmark
    @BenchmarkMode(Mode.SingleShotTime)
    @Fork(5)
    @Warmup(iterations = 0)
    @Measurement(iterations = 1)
    public CatalogView first() throws InterruptedException {
        return follow();
    }

    /** A gateway comes to a catalog that has told others before. */
    @Benchmark
    @BenchmarkMode(Mode.SingleShotTime)
    @Fork(2)
    @Warmup(iterations = 10)
    @Measurement(iterations = 10)
    public CatalogView again() throws InterruptedException {
        return follow();
    }

    /** A gateway that knows all names. */
    @State(Scope.Benchmark)
    public static class Following {
        @Setup(Level.Iteration)
        public void follow(FeedBenchmark benchmark) throws InterruptedException {
            benchmark.follow();
        }
    }

    /**
     * From sending the admin API's request to the view that shows it; disable and enable in turn.
     */
    @Benchmark
    @BenchmarkMode(Mode.SampleTime)
    @Fork(2)
    @Warmup(iterations = 2, time = 5)
    @Measurement(iterations = 3, time = 5)
    public void change(Following following) throws Exception {
        String name = FilledCatalog.name(adapters / 2);
        enabled = !enabled;
        catalog()
                .catalog()
                .post("/admin/v1/adapters/" + name + (enabled ? "/enable" : "/disable"), "");
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (view.find(name).isPresent() != enabled) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException(name + " did not change within 60 s");
            }
            LockSupport.parkNanos(50_000);
        }
    }

    private FilledCatalog catalog() {
        return Objects.requireNonNull(filled);
    }

    private CatalogView follow() throws InterruptedException {
        view = new CatalogView();
        follower = new FeedFollower(catalog().catalog().address(), view, Clock.systemUTC());
        follower.start();
        if (!follower.awaitInitialised(PATIENCE) || view.size() < adapters - 1) {
            throw new IllegalStateException(view.size() + " names within 60 s");
        }
        return view;
    }
}
