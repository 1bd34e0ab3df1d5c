package dev.weft.inference.server.models;

import dev.weft.inference.engine.Owner;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.feed.CatalogView;
import dev.weft.protocol.feed.Served;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Decides with whose requests a request may share prefixes. Each tenant shares only with itself,
 * except for models that the operator has declared public. The name that a request asks for counts:
 * a tenant with a public adapter's content under a name of its own keeps that to itself. Any
 * thread.
 */
public final class PrefixSharing {
    /** Every model is public. */
    private static final String ALL = "all";

    /** Owner of requests that share with any tenant's; no tenant has this name. */
    private static final String EVERYBODY = "";

    private final Set<String> models;
    private final String base;
    private final CatalogView catalog;

    /**
     * Sharing as a deployment configures it.
     *
     * @param models {@code all}; or the served name of the base, names of the default tenant, or
     *     {@code tenant/name}
     * @param base served name of the base
     */
    PrefixSharing(List<String> models, String base, CatalogView catalog) {
        this.models = Set.copyOf(models);
        this.base = base;
        this.catalog = catalog;
    }

    /** The owner that an engine is told for a tenant's request for a model. */
    public Owner owner(String tenant, ResolvedModel model) {
        return new Owner(tenant, isPublic(tenant, model) ? EVERYBODY : tenant);
    }

    private boolean isPublic(String tenant, ResolvedModel model) {
        if (models.contains(ALL)) {
            return true;
        }
        AdapterDigest adapter = model.adapter();
        if (adapter == null) {
            return models.contains(base);
        }
        return catalog.find(tenant, model.name())
                .flatMap(served -> meant(served, adapter))
                .filter(this::isNamed)
                .isPresent();
    }

    /** The adapter that was meant; empty if the name leads elsewhere by now. */
    private static Optional<AdapterId> meant(Served served, AdapterDigest adapter) {
        return switch (served) {
            case Served.Named(var entry) -> entry.pinned(adapter).map(_ -> entry.id());
            case Served.Pinned(var version) ->
                    Optional.of(version)
                            .filter(it -> it.digest().equals(adapter))
                            .map(it -> it.adapter());
        };
    }

    private boolean isNamed(AdapterId id) {
        return models.contains(id.tenant() + '/' + id.name())
                || (id.tenant().equals(AdapterId.DEFAULT_TENANT) && models.contains(id.name()));
    }
}
