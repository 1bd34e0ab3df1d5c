package dev.weft.catalog.ingest;

import dev.weft.catalog.base.Base;
import dev.weft.catalog.base.Bases;
import dev.weft.catalog.claim.IngestLedger;
import dev.weft.catalog.fetch.FetchDeadline;
import dev.weft.catalog.fetch.RejectedException;
import dev.weft.catalog.version.Version;
import dev.weft.format.checkpoint.BaseShape;
import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.protocol.adapter.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the base of a version: the one that its owner said or that earlier versions are of; else
 * the one that its configuration names; else the only one that it fits.
 */
final class BaseFinder {
    static final String UNKNOWN = "BASE_UNKNOWN";
    static final String AMBIGUOUS = "BASE_AMBIGUOUS";
    static final String OTHER = "BASE_MISMATCH";

    private final IngestLedger ledger;
    private final Bases bases;
    private final BaseModels models;

    BaseFinder(IngestLedger ledger, Bases bases, BaseModels models) {
        this.ledger = ledger;
        this.bases = bases;
        this.models = models;
    }

    /**
     * The base of a version whose files are here.
     *
     * @throws RejectedException if no base fits, or several do
     */
    Base find(Version version, Path folder, FetchDeadline deadline)
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
                : fitting(all, named.map(NamedBase::text).orElse(null), folder, deadline);
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

    private Base fitting(
            List<Base> all, @Nullable String named, Path folder, FetchDeadline deadline)
            throws RejectedException, InterruptedException {
        List<Base> fitting = new ArrayList<>();
        List<String> misfits = new ArrayList<>();
        for (Base base : all) {
            List<Reason> reasons =
                    new AdapterCheck(base, models.of(base).shape(deadline)).misfits(folder);
            if (reasons.isEmpty()) {
                fitting.add(base);
            } else {
                misfits.add("'" + base.name() + "': " + reasons.getFirst().message());
            }
        }
        if (fitting.size() == 1) {
            return fitting.getFirst();
        }
        String names = all.stream().map(Base::name).toList().toString();
        if (fitting.isEmpty()) {
            throw rejected(
                    UNKNOWN,
                    "it fits none of the bases " + names + "; " + String.join("; ", misfits),
                    named);
        }
        throw rejected(
                AMBIGUOUS,
                "it fits the bases "
                        + fitting.stream().map(Base::name).toList()
                        + ": register it again with the field base",
                named);
    }

    /** That a version turned out to be one of another base than its adapter. */
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
