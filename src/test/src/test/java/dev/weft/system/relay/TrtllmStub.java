package dev.weft.system.relay;

import dev.weft.system.fleet.Http;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * trtllm-serve as far as the relay speaks to it (1.2.1: openai_server.py, openai_protocol.py,
 * executor/request.py). A request brings its adapter in {@code lora_request}; the folder is looked
 * for at each request, and the weights are found by the number, whatever folder came with it first.
 * Fields that the protocol lacks are refused, but for {@code /v1/responses}, which passes over them
 * and computes with the base. The list of models has the base alone.
 */
final class TrtllmStub extends StubServer {
    private static final long MOST_ID = 1L << 53;

    /** Those of the protocol that tests and the relay send. */
    private static final Set<String> FIELDS =
            Set.of(
                    "model",
                    "messages",
                    "prompt",
                    "stream",
                    "stream_options",
                    "temperature",
                    "max_tokens",
                    "max_completion_tokens",
                    "ignore_eos",
                    "logprobs",
                    "top_logprobs",
                    "chat_template",
                    "tools",
                    "response_format",
                    "lora_request");

    /** Of {@code EmbeddingRequest}, which has no adapter. */
    private static final Set<String> OF_VECTORS = Set.of("model", "input", "encoding_format");

    private final Map<Long, String> byNumber = new HashMap<>();
    private volatile boolean asksForPermission;

    private TrtllmStub(int held, Path data) throws Exception {
        super(held, data);
    }

    static TrtllmStub start(int held, Path data) throws Exception {
        TrtllmStub stub = new TrtllmStub(held, data);
        stub.serve();
        return stub;
    }

    /** As a newer version without {@code --allow_request_chat_template}. */
    TrtllmStub newer() {
        asksForPermission = true;
        return this;
    }

    @Override
    String engine() {
        return "trtllm-serve";
    }

    @Override
    void routes(Routes to) {
        to.add("/v1/responses", exchange -> complete(exchange, TrtllmStub::ofResponses));
        to.add("/v1/embeddings", new StubVectors(this).embedding(TrtllmStub::ofVectors));
    }

    private static Asked ofResponses(ObjectNode body) {
        body.remove("lora_request");
        return new Asked(BASE, Optional.empty());
    }

    private static Asked ofVectors(ObjectNode body) throws Refused {
        refuseOthers(body, OF_VECTORS);
        return new Asked(BASE, Optional.empty());
    }

    private static void refuseOthers(ObjectNode body, Set<String> known) throws Refused {
        Set<String> unknown = new HashSet<>(body.propertyNames());
        unknown.removeAll(known);
        if (!unknown.isEmpty()) {
            throw refused("Extra inputs are not permitted: " + unknown);
        }
    }

    @Override
    String models() {
        ObjectNode list = Http.JSON.createObjectNode().put("object", "list");
        list.putArray("data")
                .addObject()
                .put("id", BASE)
                .put("object", "model")
                .put("owned_by", "tensorrt_llm");
        return list.toString();
    }

    @Override
    Asked asked(ObjectNode body) throws Refused {
        refuseOthers(body, FIELDS);
        if (body.remove("chat_template") != null && asksForPermission) {
            throw refused(
                    "chat_template cannot be supplied per request unless request-level chat"
                            + " templates are enabled at server startup.");
        }
        JsonNode lora = body.remove("lora_request");
        if (lora == null || lora.isNull()) {
            return new Asked(BASE, Optional.empty());
        }
        String name = lora.path("lora_name").asString("");
        Path path = Path.of(lora.path("lora_path").asString(""));
        JsonNode number = lora.path("lora_int_id");
        if (name.isEmpty()
                || lora.size() != 3
                || !number.isIntegralNumber()
                || number.asLong() < 1
                || number.asLong() >= MOST_ID) {
            throw refused("lora_request: " + lora);
        }
        if (!Files.isDirectory(path)) {
            throw refused("lora_path (" + path + ") does not exist.");
        }
        return new Asked(BASE, adapters().use(loaded(number.asLong(), name, path)));
    }

    private synchronized String loaded(long number, String name, Path path) throws Refused {
        String first = byNumber.get(number);
        if (first == null || !adapters().registered().containsKey(first)) {
            try {
                load(name, path);
            } catch (IOException e) {
                throw refused("Failed to load lora: " + e.getMessage());
            }
            byNumber.put(number, name);
            return name;
        }
        return first;
    }

    private static Refused refused(String message) {
        return new Refused(400, "BadRequestError", message);
    }

    @Override
    String error(int status, String type, String message) {
        Map<String, Object> fields = new HashMap<>();
        fields.put("object", "error");
        fields.put("message", message);
        fields.put("type", type);
        fields.put("param", null);
        fields.put("code", status);
        return Http.JSON.writeValueAsString(fields);
    }
}
