package dev.weft.inference.server.http;

import dev.weft.inference.server.http.json.JsonDocument;
import dev.weft.inference.server.models.ListedModel;
import dev.weft.inference.server.models.ModelDirectory;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.util.UriUtils;
import reactor.core.publisher.Mono;
import tools.jackson.core.JsonGenerator;

/** {@code /v1/models}: the base and the catalog's adapters, as vLLM lists them. */
final class ModelsEndpoint {
    static final String PATH = "/v1/models";

    private final ModelDirectory models;
    private final int contextLength;

    ModelsEndpoint(ModelDirectory models, int contextLength) {
        this.models = models;
        this.contextLength = contextLength;
    }

    Mono<ServerResponse> list(ServerRequest request) {
        return json(json -> {
            json.writeStringProperty("object", "list");
            json.writeArrayPropertyStart("data");
            for (ListedModel model : models.list()) {
                json.writeStartObject();
                write(json, model);
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    /** One model; a name may have slashes, plain or encoded. */
    Mono<ServerResponse> get(ServerRequest request) {
        String rest = request.requestPath().value().substring(PATH.length() + 1);
        ListedModel model = models.get(UriUtils.decode(rest, StandardCharsets.UTF_8));
        return json(json -> write(json, model));
    }

    private void write(JsonGenerator json, ListedModel model) {
        json.writeStringProperty("id", model.id());
        json.writeStringProperty("object", "model");
        json.writeNumberProperty("created", model.created().getEpochSecond());
        json.writeStringProperty("owned_by", "weft");
        json.writeStringProperty("root", model.root());
        json.writeStringProperty("parent", model.parent());
        if (model.task() != null) {
            json.writeStringProperty("task_type", model.task().name());
        }
        json.writeNumberProperty("max_model_len", contextLength);
    }

    private static Mono<ServerResponse> json(Consumer<JsonGenerator> fields) {
        return ServerResponse.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(JsonDocument.of(fields));
    }
}
