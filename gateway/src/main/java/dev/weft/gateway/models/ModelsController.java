package dev.weft.gateway.models;

import dev.weft.access.holder.HeldKey;
import dev.weft.access.holder.Holder;
import dev.weft.gateway.limit.AllowedModels;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** {@code /v1/models} and {@code /v1/models/{id}}; an id may hold slashes. */
@RestController
final class ModelsController {
    private final VisibleModels directory;
    private final KeptLists lists;

    ModelsController(VisibleModels directory, KeptLists lists) {
        this.directory = directory;
        this.lists = lists;
    }

    @GetMapping(path = "/v1/models", produces = MediaType.APPLICATION_JSON_VALUE)
    Mono<byte[]> list(@AuthenticationPrincipal Holder holder) {
        HeldKey key = holder.key();
        var seer =
                new KeptLists.Seer(
                        holder.tenantOrDefault(), key == null ? List.of() : key.limits().models());
        return lists.of(seer, new Seen(directory, holder));
    }

    /** The models that a holder sees, as others of the tenant with the same patterns do. */
    private record Seen(VisibleModels directory, Holder holder) implements KeptLists.Source {
        @Override
        public KeptLists.Moment now() {
            return directory.now();
        }

        @Override
        public List<Model> models(KeptLists.Seer seer) {
            return directory.all(seer.tenant()).stream()
                    .filter(model -> AllowedModels.include(holder, model.id()))
                    .toList();
        }
    }

    @GetMapping("/v1/models/{*id}")
    Model get(@PathVariable("id") String id, @AuthenticationPrincipal Holder holder) {
        return directory.get(id.substring(1), holder);
    }
}
