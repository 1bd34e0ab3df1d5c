package dev.weft.gateway.routing.name;

import dev.weft.protocol.adapter.ServedBases;
import dev.weft.protocol.feed.CatalogBase;
import dev.weft.protocol.feed.CatalogView;
import dev.weft.protocol.feed.ServedVersion;
import java.util.ArrayList;
import java.util.List;

/**
 * The base models that a gateway serves: those of its deployment files, and those that the catalog
 * has besides. Any thread.
 */
public final class KnownBases {
    private final ServedBases declared;
    private final CatalogView view;

    public KnownBases(ServedBases declared, CatalogView view) {
        this.declared = declared;
        this.view = view;
    }

    /** Whether clients get a base by that name. */
    public boolean isBase(String name) {
        return declared.names().contains(name)
                || view.bases().stream().anyMatch(base -> base.name().equals(name));
    }

    /** All names, those of the files first. */
    public List<String> names() {
        List<String> names = new ArrayList<>(declared.names());
        view.bases().stream()
                .map(CatalogBase::name)
                .filter(name -> !declared.names().contains(name))
                .forEach(names::add);
        return names;
    }

    /** The first name of the files. */
    public String first() {
        return declared.first();
    }

    /**
     * The name of the base of a tenant's adapter that is being made ready; the first base while
     * nobody knows it.
     */
    public String ofComing(String tenant, String model) {
        return view.comingBase(tenant, model).map(CatalogBase::name).orElseGet(this::first);
    }

    /** The name of a version's base; empty if the catalog has taken it away. */
    public String of(ServedVersion version) {
        if (view.bases().isEmpty()) {
            return declared.first(); // an earlier catalog, which has but one
        }
        return view.base(version).map(CatalogBase::name).orElse("");
    }
}
