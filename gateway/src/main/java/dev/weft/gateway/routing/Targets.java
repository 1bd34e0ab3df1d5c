package dev.weft.gateway.routing;

import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import dev.weft.protocol.feed.CatalogView;
import dev.weft.protocol.feed.ServedVersion;
import java.util.Optional;

/**
 * Looks names up: first the base's, then the catalog's. Answers from memory; a catalog that is away
 * changes nothing about the names it published before.
 */
public final class Targets {
    private final ServedBase base;
    private final CatalogView view;

    public Targets(ServedBase base, CatalogView view) {
        this.base = base;
        this.view = view;
    }

    /**
     * What {@code model} stands for. What a tenant may not use is to it as if it were not there.
     *
     * @throws ApiException 404 where it stands for nothing; 503 where that cannot be known yet, the
     *     catalog not having been heard since this gateway started
     */
    public Target find(String model, Caller caller) {
        if (model.equals(base.name())) {
            return new Target.Base(model);
        }
        Optional<ServedVersion> version =
                view.find(caller.tenant(), model).flatMap(found -> found.choose(caller.key()));
        if (version.isPresent()) {
            return new Target.Adapter(model, version.get());
        }
        if (!view.initialised()) {
            throw new ApiException(
                    ErrorCode.ADAPTER_UNAVAILABLE,
                    "Adapters are not known yet: the catalog has not been reached since the gateway"
                            + " started. The base '"
                            + base.name()
                            + "' is served.",
                    "model");
        }
        throw ApiException.modelNotFound(model);
    }
}
