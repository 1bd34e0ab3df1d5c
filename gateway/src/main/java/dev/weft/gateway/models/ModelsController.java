package dev.weft.gateway.models;

import dev.weft.model.adapter.AdapterId;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** {@code /v1/models} and {@code /v1/models/{id}}; an id may hold slashes. */
@RestController
final class ModelsController {
    private final ModelDirectory directory;

    ModelsController(ModelDirectory directory) {
        this.directory = directory;
    }

    @GetMapping("/v1/models")
    ModelList list() {
        return new ModelList(directory.all(AdapterId.DEFAULT_TENANT));
    }

    @GetMapping("/v1/models/{*id}")
    Model get(@PathVariable("id") String id) {
        return directory.get(id.substring(1), AdapterId.DEFAULT_TENANT);
    }
}
