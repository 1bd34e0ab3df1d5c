package dev.weft.inference.server.models;

import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import dev.weft.protocol.feed.CatalogEntry;
import dev.weft.protocol.feed.CatalogView;
import dev.weft.protocol.feed.Served;
import dev.weft.protocol.feed.ServedVersion;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds the model that a name stands for. Any thread; waits for nothing. */
public final class ModelDirectory {
    /** Header by which a gateway says which version it means. */
    public static final String ADAPTER_HEADER = "weft-adapter";

    private final String baseName;
    private final String baseRoot;
    private final Instant started;
    private final CatalogView catalog;

    /**
     * A directory for one base.
     *
     * @param baseName served name of the base
     * @param baseRoot the source of its checkpoint
     * @param started when the base became ready
     */
    ModelDirectory(String baseName, String baseRoot, Instant started, CatalogView catalog) {
        this.baseName = baseName;
        this.baseRoot = baseRoot;
        this.started = started;
        this.catalog = catalog;
    }

    /**
     * Looks a model up. A digest from a gateway counts first, then the base's name, then the
     * catalog's names. Adapters of other bases are unknown here.
     *
     * @param header value of {@link #ADAPTER_HEADER}, null if there is none
     */
    public ResolvedModel resolve(String model, @Nullable String header) {
        if (header != null) {
            return new ResolvedModel(model, ofThisBase(digest(header)));
        }
        if (model.equals(baseName)) {
            return new ResolvedModel(model, null);
        }
        // asked without a gateway: nobody says which request or session it is, so each is on its
        // own
        return find(model)
                .flatMap(served -> served.choose(UUID.randomUUID().toString()))
                .filter(version -> catalog.isOf(baseName, version))
                .map(version -> new ResolvedModel(model, version.digest()))
                .orElseThrow(() -> unknown(model));
    }

    /** The base, then the adapters by name. */
    public List<ListedModel> list() {
        return Stream.concat(
                        Stream.of(base()),
                        catalog.visibleTo(AdapterId.DEFAULT_TENANT).entrySet().stream()
                                .filter(named -> !named.getKey().equals(baseName))
                                .filter(named -> catalog.isOf(baseName, main(named.getValue())))
                                .map(named -> listed(named.getKey(), main(named.getValue()))))
                .toList();
    }

    /** The model that a request for that name, pinned version or digest may get. */
    public ListedModel get(String model) {
        if (model.equals(baseName)) {
            return base();
        }
        return find(model)
                .map(served ->
                        switch (served) {
                            case Served.Named(CatalogEntry entry) -> main(entry);
                            case Served.Pinned(ServedVersion version) -> version;
                        })
                .filter(version -> catalog.isOf(baseName, version))
                .map(version -> listed(model, version))
                .orElseThrow(() -> unknown(model));
    }

    private ListedModel base() {
        return new ListedModel(baseName, started, baseRoot, null, null);
    }

    private Optional<Served> find(String model) {
        return catalog.find(
                AdapterId.DEFAULT_TENANT, model, version -> catalog.isOf(baseName, version));
    }

    private ApiException unknown(String model) {
        return catalog.initialised()
                ? ApiException.modelNotFound(model)
                : new ApiException(
                        ErrorCode.ADAPTER_UNAVAILABLE,
                        "The model '"
                                + model
                                + "' is not known here: the catalog has not been heard yet",
                        "model");
    }

    private ListedModel listed(String name, ServedVersion version) {
        return new ListedModel(
                name, version.created(), version.root(), baseName, version.facts().task());
    }

    private static ServedVersion main(CatalogEntry entry) {
        return entry.main().orElseThrow();
    }

    /**
     * Refuses adapters of another base: they may fit this one's shapes, and would give wrong
     * answers.
     */
    private AdapterDigest ofThisBase(AdapterDigest digest) {
        if (catalog.mayBeOf(baseName, digest)) {
            return digest;
        }
        throw new ApiException(
                ErrorCode.INVALID_VALUE,
                "header "
                        + ADAPTER_HEADER
                        + ": "
                        + digest
                        + " is not an adapter of the base '"
                        + baseName
                        + "', which this worker serves",
                ADAPTER_HEADER);
    }

    private static AdapterDigest digest(String header) {
        try {
            return AdapterDigest.parse(header);
        } catch (IllegalArgumentException e) {
            throw new ApiException(
                    ErrorCode.INVALID_VALUE,
                    "header " + ADAPTER_HEADER + ": " + e.getMessage(),
                    ADAPTER_HEADER);
        }
    }
}
