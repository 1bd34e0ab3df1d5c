package dev.weft.gateway.models;

import dev.weft.gateway.access.Tenants;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** {@code /v1/models} and {@code /v1/models/{id}}; an id may hold slashes. */
@RestController
final class ModelsController {
    private final Tenants tenants;
    private final ModelDirectory directory;

    ModelsController(Tenants tenants, ModelDirectory directory) {
        this.tenants = tenants;
        this.directory = directory;
    }

    @GetMapping("/v1/models")
    Mono<ModelList> list(@RequestHeader HttpHeaders headers) {
        return tenants.of(headers).map(tenant -> new ModelList(directory.all(tenant)));
    }

    @GetMapping("/v1/models/{*id}")
    Mono<Model> get(@PathVariable("id") String id, @RequestHeader HttpHeaders headers) {
        return tenants.of(headers).map(tenant -> directory.get(id.substring(1), tenant));
    }
}
