package dev.weft.gateway.models;

import dev.weft.gateway.routing.Caller;
import dev.weft.gateway.routing.Target;
import dev.weft.gateway.routing.Targets;
import dev.weft.gateway.worker.WorkerPool;
import dev.weft.gateway.worker.WorkerSnapshot;
import dev.weft.protocol.feed.CatalogEntry;
import dev.weft.protocol.feed.CatalogView;
import dev.weft.protocol.feed.Served;
import dev.weft.protocol.feed.ServedVersion;
import dev.weft.service.ServedBase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The models that a client may name at this moment: the base first, then the adapters in order.
 * They come from memory. Any thread.
 */
final class VisibleModels {
    private final ServedBase base;
    private final Instant since;
    private final CatalogView view;
    private final Targets targets;
    private final WorkerPool workers;

    /**
     * @param since start of this gateway: the base has no other date
     */
    VisibleModels(
            ServedBase base, Instant since, CatalogView view, Targets targets, WorkerPool workers) {
        this.base = base;
        this.since = since;
        this.view = view;
        this.targets = targets;
        this.workers = workers;
    }

    /** All models that a tenant may use. */
    List<Model> all(String tenant) {
        List<Model> models = new ArrayList<>();
        models.add(baseModel());
        view.visibleTo(tenant)
                .forEach((name, entry) -> {
                    if (!name.equals(base.name())) {
                        models.add(adapterModel(name, entry.main().orElseThrow()));
                    }
                });
        return models;
    }

    /** One of the models; throws the same errors as a request that names it. */
    Model get(String id, String tenant) {
        if (view.find(tenant, id).orElse(null) instanceof Served.Named(CatalogEntry entry)
                && !id.equals(base.name())) {
            return adapterModel(id, entry.main().orElseThrow());
        }
        return switch (targets.find(id, new Caller(tenant, ""))) {
            case Target.Base _ -> baseModel();
            case Target.Adapter(var _, ServedVersion version) -> adapterModel(id, version);
        };
    }

    private Model baseModel() {
        String root =
                workers.snapshot().stream()
                        .map(WorkerSnapshot::bases)
                        .map(bases -> Optional.ofNullable(bases.get(base.name())))
                        .flatMap(Optional::stream)
                        .findFirst()
                        .orElse(base.name());
        return Model.base(base.name(), since.getEpochSecond(), root);
    }

    private Model adapterModel(String id, ServedVersion version) {
        return Model.adapter(id, version, base.name());
    }
}
