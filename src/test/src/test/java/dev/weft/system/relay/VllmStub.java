package dev.weft.system.relay;

import com.sun.net.httpserver.HttpExchange;
import dev.weft.system.fleet.Http;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * vLLM's server as far as the relay speaks to it. Adapters over {@code --max-cpu-loras} are read
 * again when they are asked for, and the server dies if their folder is gone. The Rust front end
 * loads from folders alone that it was started with, by paths without links.
 */
final class VllmStub extends StubServer {
    /** How errors look: in older and newer versions' Python front end, and in the Rust one. */
    enum Errors {
        OLD_PYTHON,
        PYTHON,
        RUST
    }

    private static final String UNTRUSTED =
            "Chat template is passed with request, but --trust-request-chat-template is not set.";

    private final Errors errors;
    private final List<Path> prefixes = new CopyOnWriteArrayList<>();
    private volatile String base = BASE;
    private volatile boolean trusts;
    private volatile String template = "";

    private VllmStub(Errors errors, int held, Path data) throws Exception {
        super(held, data);
        this.errors = errors;
    }

    static VllmStub start(Errors errors, int held, Path data) throws Exception {
        VllmStub stub = new VllmStub(errors, held, data);
        stub.serve();
        return stub;
    }

    /** As if it had started again with another {@code --served-model-name}. */
    void serves(String name) {
        base = name;
    }

    /** As if it was started with {@code --trust-request-chat-template}. */
    VllmStub trusting() {
        trusts = true;
        return this;
    }

    /** The Rust front end's {@code VLLM_RUNTIME_LORA_ALLOWED_PATH_PREFIXES}. */
    void allow(Path prefix) {
        prefixes.add(prefix);
    }

    private boolean isAllowed(Path path) throws IOException {
        return errors != Errors.RUST
                || (path.isAbsolute()
                        && path.equals(path.toRealPath())
                        && prefixes.stream().anyMatch(path::startsWith));
    }

    /** The template of the last chat that brought one. */
    String template() {
        return template;
    }

    @Override
    String engine() {
        return "vllm";
    }

    @Override
    boolean describesItself() {
        return errors != Errors.RUST;
    }

    @Override
    void routes(Routes to) {
        to.add("/v1/load_lora_adapter", this::load);
        to.add("/v1/unload_lora_adapter", this::unload);
        to.add("/tokenize", this::tokenize);
        to.add("/v1/messages", this::complete);
        to.add("/v1/messages/count_tokens", this::countTokens);
        StubVectors vectors = new StubVectors(this);
        to.add("/v1/embeddings", vectors.embedding(this::asked));
        to.add("/v1/rerank", vectors.ranking(this::asked));
        to.add("/v1/score", vectors.ranking(this::asked));
    }

    @Override
    String metrics() throws IOException, InterruptedException {
        StringBuilder text = new StringBuilder();
        for (String metric :
                List.of(
                        "vllm:num_requests_running",
                        "vllm:num_requests_waiting",
                        "vllm:kv_cache_usage_perc",
                        "vllm:inter_token_latency_seconds_sum",
                        "vllm:inter_token_latency_seconds_count")) {
            text.append(metric).append("{engine=\"0\",model_name=\"served\"} ");
            text.append(behind(metric)).append('\n');
        }
        return text.toString();
    }

    @Override
    String models() {
        ObjectNode list = Http.JSON.createObjectNode().put("object", "list");
        var data = list.putArray("data");
        data.addObject().put("id", base).put("max_model_len", 512).putNull("parent");
        adapters()
                .registered()
                .forEach((name, path) ->
                        data.addObject()
                                .put("id", name)
                                .put("root", path.toString())
                                .put("parent", base));
        return list.toString();
    }

    private void load(HttpExchange exchange) throws IOException {
        ObjectNode body = body(exchange);
        String name = body.path("lora_name").asString("");
        Path path = Path.of(body.path("lora_path").asString(""));
        if (name.isEmpty()) {
            String why = "Both 'lora_name' and 'lora_path' must be provided.";
            refuse(exchange, 400, "InvalidUserInput", why);
        } else if (name.equals(BASE)) {
            refuse(exchange, 400, "InvalidUserInput", "'" + name + "' is a served base model.");
        } else if (adapters().registered().containsKey(name)) {
            String why = "The lora adapter '" + name + "' has already been loaded.";
            refuse(exchange, 400, "InvalidUserInput", why);
        } else if (!Files.isDirectory(path)) {
            int status = errors == Errors.RUST ? 400 : 404;
            refuse(exchange, status, "NotFoundError", "No adapter found for '" + path + "'");
        } else if (!isAllowed(path)) {
            refuse(exchange, 400, "invalid_request_error", "lora_path is not allowed: " + path);
        } else {
            load(name, path);
            text(exchange, 200, "Success: LoRA adapter '" + name + "' added successfully.");
        }
    }

    private void unload(HttpExchange exchange) throws IOException {
        String name = body(exchange).path("lora_name").asString("");
        // older versions' unload does not reach the engine
        if (adapters().unload(name, errors != Errors.OLD_PYTHON)) {
            text(exchange, 200, "Success: LoRA adapter '" + name + "' removed successfully.");
        } else {
            String why = "The lora adapter '" + name + "' cannot be found.";
            refuse(exchange, 404, "NotFoundError", why);
        }
    }

    /** FastAPI itself refuses a body that has not what a path needs. */
    private void tokenize(HttpExchange exchange) throws IOException {
        ObjectNode body = body(exchange);
        if (body.has("chat_template") && !trusts) {
            refuse(exchange, 400, "BadRequestError", UNTRUSTED);
        } else if (!body.has("prompt") && !body.has("messages")) {
            text(
                    exchange,
                    422,
                    "{\"detail\":[{\"type\":\"missing\",\"loc\":[\"body\",\"prompt\"],"
                            + "\"msg\":\"Field required\"}]}");
        } else {
            text(exchange, 200, "{\"count\":1,\"max_model_len\":512,\"tokens\":[1]}");
        }
    }

    private void countTokens(HttpExchange exchange) throws IOException {
        ObjectNode body = body(exchange);
        try {
            Asked _ = asked(body);
            text(exchange, 200, "{\"input_tokens\":%d}".formatted(body.path("messages").size()));
        } catch (Refused e) {
            refuse(exchange, 404, "NotFoundError", String.valueOf(e.getMessage()));
        }
    }

    @Override
    Asked asked(ObjectNode body) throws Refused {
        JsonNode brought = body.remove("chat_template");
        if (brought != null && !trusts) {
            throw new Refused(400, "BadRequestError", UNTRUSTED);
        }
        template = brought == null ? template : brought.asString("");
        JsonNode salt = body.remove("cache_salt");
        if (salt != null && !salt.isNull() && !(salt.isString() && !salt.asString().isEmpty())) {
            throw new Refused(400, "BadRequestError", "cache_salt must be a non-empty string.");
        }
        String model = body.path("model").asString("");
        if (model.equals(BASE)) {
            return new Asked(model, Optional.empty());
        }
        if (!adapters().registered().containsKey(model)) {
            throw new Refused(404, "NotFoundError", "The model `" + model + "` does not exist.");
        }
        return new Asked(model, adapters().use(model));
    }

    @Override
    String error(int status, String type, String message) {
        Object code =
                switch (errors) {
                    case OLD_PYTHON, PYTHON -> status;
                    case RUST -> status == 404 ? "model_not_found" : "invalid_request_error";
                };
        Map<String, Object> fields = Map.of("message", message, "type", type, "code", code);
        return Http.JSON.writeValueAsString(
                errors == Errors.OLD_PYTHON ? fields : Map.of("error", fields));
    }
}
