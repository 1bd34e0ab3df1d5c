package dev.weft.catalog.ingest;

import dev.weft.catalog.adapter.Intake;
import dev.weft.catalog.artifact.FolderTree;
import dev.weft.catalog.claim.Attempts;
import dev.weft.catalog.claim.Claims;
import dev.weft.catalog.database.DatabaseException;
import dev.weft.catalog.fetch.FetchDeadline;
import dev.weft.catalog.fetch.RejectedException;
import dev.weft.catalog.fetch.TenantPlaces;
import dev.weft.catalog.trace.IngestTrace;
import dev.weft.catalog.version.Version;
import dev.weft.protocol.adapter.Reason;
import dev.weft.protocol.error.Faults;
import dev.weft.protocol.loop.Loops;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the jobs, each on its own virtual thread, {@link #AT_ONCE} of them at work at once; what
 * computes runs on {@link CheckThreads}. Tenants take turns. A job begins when this catalog has
 * claimed its version; exactly one of several on one database does. A job ends soon after its
 * version was removed, also in the middle of a download. Closing interrupts the jobs and leaves
 * their versions as they are. {@link #resume()} of the next start, or another catalog, resumes
 * them.
 */
public final class Ingest implements Intake, AutoCloseable {
    /** More jobs would only compete for the same disk and connection. */
    static final int AT_ONCE = 4;

    private static final Logger LOG = LoggerFactory.getLogger(Ingest.class);
    private static final String INTERNAL_ERROR = "INTERNAL_ERROR";
    private static final Duration DATABASE_PAUSE = Duration.ofSeconds(2);

    private final IngestJob.Workshop workshop;
    private final ExecutorService threads;
    private final Path folder;
    private final Duration timeout;
    private final LongSupplier nanos;
    private final IngestMetrics metrics;
    private final TenantPlaces places = new TenantPlaces(AT_ONCE);
    private final Set<Long> known = ConcurrentHashMap.newKeySet();

    /** The threads of jobs at work by their versions. */
    private final Map<Long, Thread> working = new ConcurrentHashMap<>();

    private final Set<Long> unwanted = ConcurrentHashMap.newKeySet();
    private final Claims claims;
    private volatile boolean closing;

    /**
     * Runs nothing yet.
     *
     * @param nanos a time in nanoseconds, of which only differences count
     */
    Ingest(
            IngestJob.Workshop workshop,
            Path folder,
            Duration timeout,
            LongSupplier nanos,
            Loops loops) {
        this.workshop = workshop;
        this.threads = workshop.supply().threads();
        this.folder = folder;
        this.timeout = timeout;
        this.nanos = nanos;
        this.metrics = workshop.receivers().metrics();
        this.claims = new Claims(workshop.ledger(), known, this::submit, this::stop, loops);
    }

    @Override
    public void submit(Version version) {
        if (!closing && known.add(version.id())) {
            threads.execute(() -> work(version));
        }
    }

    /**
     * Resumes the versions that a stopped process left unfinished, and removes files that nobody
     * needs.
     */
    public void resume() {
        List<Version> unfinished = workshop.ledger().unfinished();
        removeAllBut(
                unfinished.stream().map(v -> Long.toString(v.id())).collect(Collectors.toSet()));
        if (!unfinished.isEmpty()) {
            LOG.info("the ingest of {} version(s) goes on", unfinished.size());
        }
        unfinished.forEach(this::submit);
        claims.start();
    }

    private void removeAllBut(Set<String> needed) {
        try {
            for (Path left : FolderTree.children(Files.createDirectories(folder))) {
                if (!needed.contains(left.getFileName().toString())) {
                    FolderTree.delete(left);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("folder " + folder + ": " + e, e);
        }
    }

    /** Ends the job of a version that nobody wants any more, unless the job itself rejects it. */
    private void stop(long version) {
        working.computeIfPresent(
                version,
                (_, thread) -> {
                    if (unwanted.add(version)) {
                        thread.interrupt();
                    }
                    return thread;
                });
    }

    private void work(Version version) {
        metrics.started();
        try {
            untilWritten(version);
        } catch (InterruptedException e) {
            stopped(version);
            workshop.attempts().stopped(version.id());
            claims.release(version.id());
            Thread.currentThread().interrupt();
        } finally {
            workshop.attempts().over(version.id());
            claims.drop(version.id());
            known.remove(version.id());
            unwanted.remove(version.id());
            metrics.ended();
        }
    }

    private void stopped(Version version) {
        if (closing) {
            LOG.info(
                    "the ingest of version {} stops here and goes on at the next start",
                    version.id());
            return;
        }
        LOG.info(
                "the ingest of version {} ends: it was removed, or another catalog has it",
                version.id());
        tidy(version);
    }

    private Path folder(Version version) {
        return folder.resolve(Long.toString(version.id()));
    }

    /**
     * Ingests a version, and repeats that until its outcome is written: an outage of the database
     * must not leave a version unfinished for ever.
     */
    private void untilWritten(Version version) throws InterruptedException {
        while (true) {
            try (JobPermit permit = JobPermit.take(places, version.adapter().tenant())) {
                if (claims.take(version.id())) {
                    working.put(version.id(), Thread.currentThread());
                    workshop.receivers()
                            .traces()
                            .trace(version, trace -> run(version, permit, trace));
                }
                return;
            } catch (DatabaseException e) {
                if (isOver(version) || Thread.currentThread().isInterrupted()) {
                    throw new InterruptedException("stopped while waiting for the database");
                }
                LOG.warn(
                        "version {} has to wait for the database: {}",
                        version.id(),
                        e.getMessage());
                Thread.sleep(DATABASE_PAUSE);
            } finally {
                working.remove(version.id());
            }
        }
    }

    private void run(Version version, JobPermit permit, IngestTrace trace)
            throws InterruptedException {
        long start = nanos.getAsLong();
        IngestJob job =
                new IngestJob(
                        workshop,
                        version,
                        folder(version),
                        FetchDeadline.in(nanos, timeout),
                        permit,
                        trace);
        try {
            Optional<Version> result = job.run();
            job.tidy();
            result.ifPresent(v -> {
                trace.ready(v.adapter().name() + "@" + v.number());
                ready(version, v, start);
            });
        } catch (RejectedException e) {
            reject(version, e.reasons(), start, trace);
            tidy(version);
        } catch (IOException | RuntimeException | Error e) {
            stopIfOver(version, e);
            LOG.error("version {} could not be ingested", version.id(), e);
            reject(version, List.of(unexpected(e)), start, trace);
            tidy(version);
        }
    }

    private Duration since(long start) {
        return Duration.ofNanos(nanos.getAsLong() - start);
    }

    private boolean isOver(Version version) {
        return closing || unwanted.contains(version.id());
    }

    private void stopIfOver(Version version, Throwable e) throws InterruptedException {
        if (isOver(version)) {
            throw new InterruptedException("stopped: " + e.getMessage());
        }
        if (e instanceof DatabaseException database) {
            throw database;
        }
    }

    private void ready(Version asked, Version result, long start) {
        Duration took = since(start);
        metrics.ready(asked.origin().repository().source(), took);
        result.content()
                .ifPresent(content ->
                        LOG.info(
                                "adapter {} (version {}): {} as {} after {} ms{}",
                                asked.adapter().name(),
                                asked.id(),
                                result.lifecycle().state(),
                                content.digest(),
                                took.toMillis(),
                                asked.id() == result.id()
                                        ? ""
                                        : ", the same as version " + result.id()));
    }

    private void reject(Version version, List<Reason> reasons, long start, IngestTrace trace)
            throws InterruptedException {
        if (isOver(version)) {
            throw new InterruptedException("stopped before it was rejected");
        }
        working.remove(version.id()); // what is rejected now was not removed
        if (workshop.ledger().reject(version.id(), reasons)) {
            List<String> codes = reasons.stream().map(Reason::code).distinct().toList();
            trace.rejected(codes, codes.contains(INTERNAL_ERROR) || codes.contains(Attempts.CODE));
            metrics.rejected(version.origin().repository().source(), reasons, since(start));
            for (Reason reason : reasons) {
                LOG.warn(
                        "adapter {} (version {}): rejected, {}: {}",
                        version.adapter().name(),
                        version.id(),
                        reason.code(),
                        reason.message());
            }
        }
    }

    private void tidy(Version version) {
        try {
            FolderTree.delete(folder(version));
        } catch (IOException e) {
            LOG.warn("files of a finished ingest stay until the next start: {}", e.toString());
        }
    }

    private static Reason unexpected(Throwable e) {
        return new Reason(
                INTERNAL_ERROR,
                null,
                null,
                null,
                null,
                "it could not be ingested: " + Faults.reason(e));
    }

    /** Stops the jobs; waits at most 2 seconds for them. */
    @Override
    public void close() {
        closing = true;
        claims.close();
        threads.shutdownNow();
        workshop.supply().checks().close();
        try {
            if (!threads.awaitTermination(2, TimeUnit.SECONDS)) {
                LOG.warn("an ingest does not stop; it goes on at the next start");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
