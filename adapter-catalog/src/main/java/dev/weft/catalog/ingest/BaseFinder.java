package dev.weft.catalog.ingest;

import dev.weft.catalog.base.Base;
import dev.weft.catalog.base.Bases;
import dev.weft.catalog.claim.Attempts;
import dev.weft.catalog.claim.IngestLedger;
import dev.weft.catalog.fetch.DiskException;
import dev.weft.catalog.fetch.FetchDeadline;
import dev.weft.catalog.fetch.RejectedException;
import dev.weft.catalog.version.Version;
import dev.weft.format.checkpoint.BaseShape;
import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.protocol.adapter.Reason;
import dev.weft.protocol.error.Faults;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the base of a version: the one that its owner said or that earlier versions are of; else
 * the only one that there is; else the one that its configuration names; else the only one that it
 * fits.
 */
final class BaseFinder {
    private static final Logger LOG = LoggerFactory.getLogger(BaseFinder.class);

    static final String UNKNOWN = "BASE_UNKNOWN";
    static final String AMBIGUOUS = "BASE_AMBIGUOUS";
    static final String OTHER = "BASE_MISMATCH";

    private final IngestLedger ledger;
    private final Bases bases;
    private final BaseModels models;
    private final CheckThreads checks;
    private final Attempts attempts;

    BaseFinder(
            IngestLedger ledger,
            Bases bases,
            BaseModels models,
            CheckThreads checks,
            Attempts attempts) {
        this.ledger = ledger;
        this.bases = bases;
        this.models = models;
        this.checks = checks;
        this.attempts = attempts;
    }

    /**
     * The base of a version whose files are here. Its attempt has begun, since several bases are
     * compared with its files.
     *
     * @param permit the job's, which it gives up while bases are read
     * @throws RejectedException if no base fits, or several do, or its base was removed
     */
    Base find(Version version, Path folder, FetchDeadline deadline, JobPermit permit)
            throws RejectedException, IOException, InterruptedException {
        List<Base> all = bases.all();
        Optional<Long> known = ledger.base(version.id());
        if (known.isPresent()) {
            long id = known.get();
            return all.stream()
                    .filter(base -> base.id() == id)
                    .findFirst()
                    .orElseThrow(() ->
                            rejected(UNKNOWN, "its base was removed: register it again", null));
        }
        if (all.size() == 1) {
            return all.getFirst();
        }
        Optional<NamedBase> named = NamedBase.read(folder);
        Optional<Base> meant = named.flatMap(it -> it.among(all));
        return meant.isPresent()
                ? meant.get()
                : only(
                        misfits(all, version, folder, deadline, permit),
                        named.map(NamedBase::text).orElse(null));
    }

    /** Keeps the shape that a base's checkpoint turned out to have. */
    void seen(Base base, BaseShape shape) {
        DecoderShape decoder = shape.decoder();
        var its =
                new Base.Shape(decoder.layers(), decoder.hiddenSize(), decoder.intermediateSize());
        if (!its.equals(base.shape())) {
            bases.seen(base.id(), its);
        }
    }

    /**
     * For each base the reason why a version's files don't fit it; empty if they do. A base that
     * can't be read counts as one that they don't fit.
     */
    private Map<Base, Optional<String>> misfits(
            List<Base> all, Version version, Path folder, FetchDeadline deadline, JobPermit permit)
            throws RejectedException, IOException, InterruptedException {
        List<Base> unread = all.stream().filter(base -> !models.of(base).known()).toList();
        Map<Base, String> failed =
                unread.isEmpty()
                        ? Map.of()
                        : attempts.uncounted(
                                version.id(), () -> permit.aside(() -> read(unread, deadline)));
        Map<Base, Optional<String>> misfits = new LinkedHashMap<>();
        for (Base base : all) {
            String why = failed.get(base);
            misfits.put(
                    base,
                    why == null
                            ? misfit(base, models.of(base).shape(deadline), folder)
                            : Optional.of("its shape can't be read: " + why));
        }
        return misfits;
    }

    private Optional<String> misfit(Base base, BaseShape shape, Path folder)
            throws RejectedException, IOException, InterruptedException {
        return checks.run(() -> new AdapterCheck(base, shape).misfits(folder)).stream()
                .findFirst()
                .map(Reason::message);
    }

    /**
     * Reads bases in parallel, so that none takes another's time; returns why each of those that
     * failed did.
     */
    private Map<Base, String> read(List<Base> unread, FetchDeadline deadline)
            throws DiskException, InterruptedException {
        Map<Base, String> failed = new HashMap<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<BaseShape>> reads =
                    unread.stream()
                            .<Callable<BaseShape>>map(base -> () -> models.of(base).shape(deadline))
                            .toList();
            List<Future<BaseShape>> done = threads.invokeAll(reads);
            for (int i = 0; i < done.size(); i++) {
                Base base = unread.get(i);
                failure(done.get(i)).ifPresent(why -> failed.put(base, why));
            }
        }
        return failed;
    }

    private static Optional<String> failure(Future<BaseShape> read)
            throws DiskException, InterruptedException {
        try {
            read.get();
            return Optional.empty();
        } catch (ExecutionException e) {
            return switch (e.getCause()) {
                case InterruptedException stopped -> throw stopped;
                case DiskException unwritable -> throw unwritable;
                case RejectedException refused -> Optional.of(String.valueOf(refused.getMessage()));
                case null -> Optional.of(Faults.reason(e));
                case Throwable fault -> Optional.of(Faults.reason(fault));
            };
        }
    }

    private static Base only(Map<Base, Optional<String>> misfits, @Nullable String named)
            throws RejectedException {
        List<Base> fitting =
                misfits.entrySet().stream()
                        .filter(each -> each.getValue().isEmpty())
                        .map(Map.Entry::getKey)
                        .toList();
        String others =
                misfits.entrySet().stream()
                        .flatMap(each ->
                                each.getValue().stream()
                                        .map(why -> "'" + each.getKey().name() + "': " + why))
                        .collect(Collectors.joining("; "));
        if (fitting.size() == 1) {
            LOG.info("an adapter fits base '{}' alone; {}", fitting.getFirst().name(), others);
            return fitting.getFirst();
        }
        if (fitting.isEmpty()) {
            throw rejected(
                    UNKNOWN,
                    "it fits none of the bases " + names(misfits.keySet()) + "; " + others,
                    named);
        }
        throw rejected(
                AMBIGUOUS,
                "it fits the bases " + names(fitting) + ": register it again with the field base",
                named);
    }

    private static String names(Collection<Base> bases) {
        return bases.stream().map(Base::name).toList().toString();
    }

    /** The rejection of a version that turned out to be one of another base than its adapter. */
    static RejectedException other(Base base) {
        return rejected(
                OTHER,
                "it is one of base '"
                        + base.name()
                        + "', and the adapter's other versions are not: register it under another"
                        + " name",
                base.name());
    }

    private static RejectedException rejected(String code, String message, @Nullable String found) {
        return new RejectedException(
                List.of(
                        new Reason(
                                code,
                                "adapter_config.json:base_model_name_or_path",
                                null,
                                found,
                                null,
                                message)));
    }
}
