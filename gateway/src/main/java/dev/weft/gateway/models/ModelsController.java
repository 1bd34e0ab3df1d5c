package dev.weft.gateway.models;

import dev.weft.access.holder.Holder;
import dev.weft.gateway.limit.AllowedModels;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.error.ApiException;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** {@code /v1/models} and {@code /v1/models/{id}}; an id may hold slashes. */
@RestController
final class ModelsController {
    private final VisibleModels directory;

    ModelsController(VisibleModels directory) {
        this.directory = directory;
    }

    @GetMapping("/v1/models")
    ModelList list(@AuthenticationPrincipal Holder holder) {
        return new ModelList(
                directory.all(tenant(holder)).stream()
                        .filter(model -> AllowedModels.include(holder, model.id()))
                        .toList());
    }

    @GetMapping("/v1/models/{*id}")
    Model get(@PathVariable("id") String id, @AuthenticationPrincipal Holder holder) {
        String name = id.substring(1);
        if (!AllowedModels.include(holder, name)) {
            throw ApiException.modelNotFound(name);
        }
        return directory.get(name, tenant(holder));
    }

    private static String tenant(Holder holder) {
        return holder.tenantOr(AdapterId.DEFAULT_TENANT);
    }
}
