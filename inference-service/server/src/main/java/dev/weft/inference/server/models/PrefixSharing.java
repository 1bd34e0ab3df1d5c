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
 * Whose prompts a request may be found to have in common with. Each tenant keeps to itself, but for
 * models that the operator has declared public. What a request is counts by the name it asks for: a
 * tenant that has the content of a public adapter under a name of its own keeps that one to itself.
 * Any thread.
 */
public final class PrefixSharing {
    /** Every model is public. */
    private static final String ALL = "all";

    /** Of requests that share with those of any tenant; no tenant is called so. */
    private static final String EVERYBODY = "";

    private final Set<String> models;
    private final String base;
    private final CatalogView catalog;

    /**
     * As a deployment says.
     *
     * @param models {@code all}; or the served name of the base, names of the default tenant, or
     *     {@code tenant/name}
     * @param base served name of the base
     */
    public PrefixSharing(List<String> models, String base, CatalogView catalog) {
        this.models = Set.copyOf(models);
        this.base = base;
        this.catalog = catalog;
    }

    /** What an engine is told of a tenant's request for a model. */
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

    /** Empty where the name leads elsewhere by now. */
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
