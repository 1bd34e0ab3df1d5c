package dev.weft.catalog.ingest;

import dev.weft.catalog.artifact.FolderTree;
import dev.weft.catalog.base.Base;
import dev.weft.catalog.claim.Attempts;
import dev.weft.catalog.claim.IngestLedger;
import dev.weft.catalog.fetch.BaseModel;
import dev.weft.catalog.fetch.DiskException;
import dev.weft.catalog.fetch.FetchDeadline;
import dev.weft.catalog.fetch.FileNotAllowedException;
import dev.weft.catalog.fetch.PrivateCopy;
import dev.weft.catalog.fetch.ProgressLog;
import dev.weft.catalog.fetch.RejectedException;
import dev.weft.catalog.ingest.IngestMetrics.Stage;
import dev.weft.catalog.lifecycle.Content;
import dev.weft.catalog.trace.IngestTrace;
import dev.weft.catalog.version.Version;
import dev.weft.format.checkpoint.BaseShape;
import dev.weft.format.lora.LoraCheck;
import dev.weft.format.lora.LoraFolder;
import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.LinearModule;
import dev.weft.protocol.adapter.LoraFacts;
import dev.weft.protocol.adapter.Reason;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.protocol.repository.RepositorySource;
import dev.weft.source.fetch.Fetched;
import dev.weft.source.fetch.FileSelection;
import dev.weft.source.fetch.SourceException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes one version from its source to Ready. Any step may have been taken before a restart. */
final class IngestJob {
    private static final Logger LOG = LoggerFactory.getLogger(IngestJob.class);

    /** The first pause between two tries of a store or a disk; it grows to LONGEST_PAUSE. */
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(2);

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    /**
     * The parts of the catalog that a job uses.
     *
     * @param clock for what is stored
     */
    record Workshop(
            IngestLedger ledger,
            Attempts attempts,
            Supply supply,
            BaseFinder bases,
            Storing storing,
            ProgressReceivers receivers,
            Clock clock) {}

    private interface Sleep {
        void of(Duration time) throws InterruptedException;
    }

    private interface TimedWork<T> {
        T run() throws RejectedException, IOException, InterruptedException;
    }

    /**
     * Files that are here.
     *
     * @param revision the commit; null if the source has none
     * @param names names of all relevant files of the repository, also of those that weren't
     *     fetched
     */
    private record Brought(@Nullable String revision, List<String> names) {}

    private record Checked(
            AdapterDigest digest,
            LoraFacts facts,
            Map<LinearModule, Double> effect,
            List<Reason> warnings) {}

    private final Workshop workshop;
    private final Version version;
    private final Path folder;
    private FetchDeadline deadline;
    private Storing.@Nullable Prepared prepared;
    private final JobPermit permit;
    private final IngestTrace trace;
    private final String name;

    /**
     * Creates the job of a version.
     *
     * @param folder for its files; kept when the job is interrupted, so that it can be resumed
     */
    IngestJob(
            Workshop workshop,
            Version version,
            Path folder,
            FetchDeadline deadline,
            JobPermit permit,
            IngestTrace trace) {
        this.workshop = workshop;
        this.version = version;
        this.folder = folder;
        this.deadline = deadline;
        this.permit = permit;
        this.trace = trace;
        this.name = "adapter " + version.adapter().name() + " (version " + version.id() + ")";
    }

    /**
     * Takes all the steps that are left; waits while this catalog's disk can't be written.
     *
     * @return the version that stands for this registration now; empty if it was removed meanwhile
     */
    Optional<Version> run() throws RejectedException, IOException, InterruptedException {
        for (Duration pause = FIRST_PAUSE; ; pause = longer(pause)) {
            try {
                return steps();
            } catch (DiskException e) {
                await(pause, e);
                deadline = deadline.restarted();
            }
        }
    }

    private void await(Duration pause, IOException why) throws InterruptedException {
        LOG.warn("{}: {}; it is tried again in {}", name, why.getMessage(), seconds(pause));
        pause(pause, String.valueOf(why.getMessage()), permit::pause);
    }

    private static Duration longer(Duration pause) {
        Duration twice = pause.multipliedBy(2);
        return twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
    }

    private Optional<Version> steps() throws RejectedException, IOException, InterruptedException {
        if (!workshop.ledger.fetching(version.id())) {
            return Optional.empty();
        }
        LOG.info("{}: fetching {}", name, version.origin().repository());
        Optional<Brought> fetched = fetch();
        if (fetched.isEmpty()
                || !workshop.ledger.validating(version.id(), fetched.get().revision)) {
            return Optional.empty();
        }
        deadline = deadline.restarted(); // the download's time doesn't count for the bases
        workshop.attempts.begin(version.id());
        Base base = workshop.bases.find(version, folder, deadline, permit);
        deadline = deadline.restarted(); // it may have waited for other bases
        AdapterCheck check = checkOfBase(base);
        Checked checked =
                timed(Stage.VALIDATE, () -> computed(() -> check(check, fetched.get().names)));
        checkTemplates(check);
        if (!workshop.ledger.belongs(version.id(), check.base().id())) {
            throw BaseFinder.other(check.base());
        }
        trace.digest(checked.digest);
        if (!workshop.ledger.converting(version.id())) {
            return Optional.empty();
        }
        Optional<Storing.Stored> result = store(check, checked);
        if (result.isEmpty()) {
            return Optional.empty();
        }
        Storing.Stored stored = result.get();
        LOG.info(
                "{}: fits; rank {}, {}",
                name,
                checked.facts.rank(),
                ProgressLog.mebibytes(stored.artifact().size()));
        Content content =
                new Content(
                        checked.digest,
                        checked.facts,
                        workshop.clock.instant().truncatedTo(ChronoUnit.MILLIS));
        return workshop.ledger.publish(
                version.id(),
                content,
                Stream.concat(checked.warnings.stream(), stored.warnings().stream()).toList());
    }

    /** Times work, also work that ends in a rejection. */
    private <T> T timed(Stage stage, TimedWork<T> work)
            throws RejectedException, IOException, InterruptedException {
        long start = workshop.receivers.metrics().now();
        boolean over = false;
        try (IngestTrace.StageSpan traced = trace.stage(IngestMetrics.tag(stage))) {
            T result = work.run();
            over = true;
            return traced.done(result);
        } catch (RejectedException e) {
            over = true;
            throw e;
        } finally {
            if (over) {
                Duration took = Duration.ofNanos(workshop.receivers.metrics().now() - start);
                workshop.receivers
                        .metrics()
                        .took(stage, version.origin().repository().source(), took);
            }
        }
    }

    /**
     * Stores the adapter. Waits for an unavailable store or disk as long as the version is wanted;
     * empty if it isn't any more.
     */
    private Optional<Storing.Stored> store(AdapterCheck check, Checked checked)
            throws RejectedException, IOException, InterruptedException {
        Duration pause = FIRST_PAUSE;
        do {
            try {
                return Optional.of(
                        timed(
                                Stage.CONVERT,
                                () ->
                                        workshop.storing.put(
                                                checked.digest, prepared(check, checked), trace)));
            } catch (StoreAwayException | DiskException e) {
                await(pause, e);
                pause = longer(pause);
            }
        } while (workshop.ledger.converting(version.id()));
        return Optional.empty();
    }

    /** Prepares the files once, however often the store is tried. */
    private Storing.Prepared prepared(AdapterCheck check, Checked checked)
            throws RejectedException, IOException, InterruptedException {
        Storing.Prepared known = prepared;
        if (known == null) {
            known =
                    computed(() ->
                            workshop.storing.prepare(
                                    version.id(), folder, check, checked.digest, checked.effect));
            prepared = known;
        }
        return known;
    }

    private void pause(Duration time, String why, Sleep sleep) throws InterruptedException {
        workshop.receivers
                .underway()
                .waits(version.id(), why + "; it is tried again after " + seconds(time));
        try {
            sleep.of(time);
        } finally {
            workshop.receivers.underway().goesOn(version.id());
        }
    }

    private static String seconds(Duration time) {
        return time.toMillis() / 1000.0 + " s";
    }

    /** Brings the files; empty if the version isn't wanted any more when its turn comes. */
    private Optional<Brought> fetch() throws RejectedException, IOException, InterruptedException {
        RepositoryRef ref = located(version.origin().repository());
        if (ref.source() == RepositorySource.FILE) {
            return Optional.of(tried(ref, permit::pause));
        }
        workshop.receivers.underway().found(version.id(), FolderTree.bytes(folder));
        // A permit is for checks and for the disk; a job that only waits for a source needs none.
        try {
            String tenant = version.adapter().tenant();
            return permit.aside(
                    () -> workshop.supply.lanes().take(tenant, ref, () -> download(ref)));
        } finally {
            workshop.receivers.underway().fetched(version.id());
        }
    }

    /** Downloads the files, with a new deadline, since the wait for the lane doesn't count. */
    private Optional<Brought> download(RepositoryRef ref)
            throws RejectedException, IOException, InterruptedException {
        if (!workshop.ledger.fetching(version.id())) {
            return Optional.empty();
        }
        deadline = deadline.restarted();
        return Optional.of(tried(ref, Thread::sleep));
    }

    private Brought tried(RepositoryRef ref, Sleep sleep)
            throws RejectedException, IOException, InterruptedException {
        return timed(
                Stage.FETCH,
                () ->
                        workshop.supply
                                .fetcher()
                                .fetch(
                                        name,
                                        () -> attempt(ref),
                                        deadline,
                                        (time, why) -> pause(time, why, sleep)));
    }

    private Brought attempt(RepositoryRef ref)
            throws SourceException, RejectedException, IOException, InterruptedException {
        ProgressLog log = new ProgressLog(name, deadline.nanos());
        Fetched fetched =
                workshop.supply
                        .repositories()
                        .fetch(
                                ref,
                                FileSelection.ADAPTER,
                                folder,
                                progress -> {
                                    log.progress(progress);
                                    workshop.receivers.underway().at(version.id(), progress);
                                });
        String revision = fetched.resolvedRevision();
        return new Brought(
                revision.isEmpty() ? null : revision,
                ref.source() == RepositorySource.FILE
                        ? new PrivateCopy(workshop.supply.roots(), FileSelection.ADAPTER)
                                .take(fetched.folder(), folder)
                        : fetched.files());
    }

    private AdapterCheck checkOfBase(Base base)
            throws RejectedException, IOException, InterruptedException {
        BaseModel model = workshop.supply.bases().of(base);
        BaseShape shape =
                model.known() ? model.shape(deadline) : waited(() -> model.shape(deadline));
        workshop.bases().seen(base, shape);
        return new AdapterCheck(base, shape);
    }

    /** Waits for a base, for which a job needs no place, and during which nothing is checked. */
    private <T> T waited(JobPermit.Waiting<T> waiting)
            throws RejectedException, IOException, InterruptedException {
        return workshop.attempts.uncounted(version.id(), () -> permit.aside(waiting));
    }

    private RepositoryRef located(RepositoryRef ref) throws RejectedException {
        if (ref.source() != RepositorySource.FILE) {
            return ref;
        }
        try {
            Path real = workshop.supply.roots().locate(ref.repo());
            return new RepositoryRef(ref.source(), real.toString(), ref.revision());
        } catch (FileNotAllowedException e) {
            throw new RejectedException(
                    List.of(
                            new Reason(
                                    "FILE_NOT_ALLOWED",
                                    null,
                                    null,
                                    ref.repo(),
                                    e.allowed(),
                                    String.valueOf(e.getMessage()))));
        }
    }

    /** Rejects chat templates other than the base's if its engine renders the base's alone. */
    private void checkTemplates(AdapterCheck check)
            throws RejectedException, IOException, InterruptedException {
        if (check.needsBasesTemplates()) {
            BaseModel model = workshop.supply.bases().of(check.base());
            Map<String, String> ofBase = waited(() -> model.templates(deadline));
            Optional<Reason> reason = computed(() -> check.templates(folder, ofBase));
            if (reason.isPresent()) {
                throw new RejectedException(List.of(reason.get()));
            }
        }
    }

    private <T> T computed(CheckThreads.Work<T> work)
            throws RejectedException, IOException, InterruptedException {
        return workshop.supply.checks().run(work);
    }

    /** Checks the content. A rejection has the reasons from the names, too. */
    private Checked check(AdapterCheck check, List<String> fetched) throws RejectedException {
        List<Reason> names = LoraFolder.refuseNames(fetched);
        return switch (check.check(folder)) {
            case LoraCheck.Refused(List<Reason> reasons) ->
                    throw new RejectedException(
                            Stream.concat(names.stream(), reasons.stream()).distinct().toList());
            case LoraCheck.Accepted(LoraAdapter adapter, List<Reason> warnings) -> {
                try (adapter) {
                    if (!names.isEmpty()) {
                        throw new RejectedException(names);
                    }
                    yield new Checked(
                            adapter.digest(), adapter.facts(), Effect.of(adapter), warnings);
                }
            }
        };
    }

    /** Removes the fetched files. */
    void tidy() throws IOException {
        FolderTree.delete(folder);
    }
}
