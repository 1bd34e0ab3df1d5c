package dev.weft.gateway.models;

import dev.weft.access.holder.Holder;
import dev.weft.gateway.limit.AllowedModels;
import dev.weft.gateway.routing.name.Caller;
import dev.weft.gateway.routing.name.KnownBases;
import dev.weft.gateway.routing.name.Target;
import dev.weft.gateway.routing.name.Targets;
import dev.weft.gateway.worker.WorkerPool;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.feed.CatalogBase;
import dev.weft.protocol.feed.CatalogEntry;
import dev.weft.protocol.feed.CatalogView;
import dev.weft.protocol.feed.Served;
import dev.weft.protocol.feed.ServedVersion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The models that a client may name at this moment: the bases first, then the adapters in order.
 * They come from memory. Any thread.
 */
final class VisibleModels {
    private final KnownBases bases;
    private final Instant since;
    private final CatalogView view;
    private final Targets targets;
    private final WorkerPool workers;

    /**
     * @param since start of this gateway: a base has no other date
     */
    VisibleModels(
            KnownBases bases,
            Instant since,
            CatalogView view,
            Targets targets,
            WorkerPool workers) {
        this.bases = bases;
        this.since = since;
        this.view = view;
        this.targets = targets;
        this.workers = workers;
    }

    /** All models that a tenant may use. */
    List<Model> all(String tenant) {
        List<Model> models = new ArrayList<>(bases());
        view.visibleTo(tenant)
                .forEach((name, entry) -> {
                    if (!bases.isBase(name)) {
                        models.add(adapterModel(name, entry.main().orElseThrow()));
                    }
                });
        return models;
    }

    /** The state that the lists of models are made from. */
    KeptLists.Moment now() {
        return new KeptLists.Moment(view.snapshots(), view.sequence(), bases());
    }

    private List<Model> bases() {
        return bases.names().stream().map(this::baseModel).toList();
    }

    /** One of the models; throws the same errors as a request of that holder that names it. */
    Model get(String id, Holder holder) {
        String tenant = holder.tenantOrDefault();
        if (view.find(tenant, id).orElse(null) instanceof Served.Named(CatalogEntry entry)
                && !bases.isBase(id)
                && AllowedModels.include(holder, id)) {
            return adapterModel(id, entry.main().orElseThrow());
        }
        Target target =
                targets.find(
                        id,
                        new Caller(tenant, ""),
                        version -> AllowedModels.include(holder, version));
        if (!AllowedModels.include(holder, target)) {
            throw ApiException.modelNotFound(id);
        }
        return switch (target) {
            case Target.Base _ -> baseModel(id);
            case Target.Adapter(var _, ServedVersion version, var _) -> adapterModel(id, version);
        };
    }

    private Model baseModel(String base) {
        Optional<String> root =
                workers.snapshot().stream()
                        .map(worker -> worker.bases().get(base))
                        .filter(Objects::nonNull)
                        .findFirst();
        return Model.base(base, since.getEpochSecond(), root.orElseGet(() -> rootInCatalog(base)));
    }

    private String rootInCatalog(String base) {
        return view.bases().stream()
                .filter(known -> known.name().equals(base))
                .findFirst()
                .map(CatalogBase::root)
                .orElse(base);
    }

    private Model adapterModel(String id, ServedVersion version) {
        return Model.adapter(id, version, bases.of(version));
    }
}
