package dev.weft.system.relay;

import com.sun.net.httpserver.HttpExchange;
import dev.weft.inference.relay.dialect.Dialect;
import dev.weft.inference.relay.dialect.ServerPlan;
import dev.weft.protocol.adapter.LinearModule;
import dev.weft.system.fleet.Http;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/**
 * SGLang's server as far as the relay speaks to it (0.5.23: http_server.py, tokenizer_manager.py,
 * lora_registry.py). Requests name {@code base:adapter}, and any other name is the base. At {@code
 * /v1/responses}, {@code /v1/rerank} and {@code /v1/score} the name is taken, and the base answers
 * (serving_responses.py, serving_rerank.py, serving_score.py). A batch has as many adapters as the
 * worker's own command says, the base among them (scheduler.py); others wait. Over {@code
 * --max-loaded-loras} the adapter that was unused for longest is unloaded. An unload waits until no
 * request uses the adapter. One that was unloaded is read again from its path when it is asked for;
 * one that never was loaded is refused.
 */
final class SglangStub extends StubServer {
    /** How the server counts the base. */
    private static final String NO_ADAPTER = "";

    private final int most;
    private final int batch;
    private final Set<String> everLoaded = new HashSet<>();
    private final Map<String, Integer> used = new HashMap<>();
    private final Map<String, Path> paths = new HashMap<>();
    private final ThreadLocal<String> current = new ThreadLocal<>();
    private int waited;

    private SglangStub(int held, Path data) throws Exception {
        super(held, data);
        this.most = held;
        this.batch = batch(data);
    }

    /** One for a worker with one slot. */
    static SglangStub start(int held, Path data) throws Exception {
        SglangStub stub = new SglangStub(held, data);
        stub.serve();
        return stub;
    }

    /** What the worker would start the server with. */
    private static int batch(Path data) {
        ServerPlan plan =
                new ServerPlan(
                        new ServerPlan.Base(data, BASE, LinearModule.SEPARATE),
                        1,
                        new ServerPlan.Folders(data, data),
                        new ServerPlan.Limits(1, 1, 1));
        return Dialect.of("sglang").launch(plan).options().stream()
                .filter(option -> option.name().equals("--max-loras-per-batch"))
                .mapToInt(option -> Integer.parseInt(option.value()))
                .findFirst()
                .orElseThrow();
    }

    /** Makes a token, and looks for it after a second. */
    @Override
    void health(HttpExchange exchange) throws IOException {
        try {
            Thread.sleep(1_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        super.health(exchange);
    }

    /** How many unloads had to wait for requests. */
    synchronized int waited() {
        return waited;
    }

    @Override
    String engine() {
        return "sglang";
    }

    @Override
    void routes(Routes to) {
        to.add("/load_lora_adapter", this::load);
        to.add("/unload_lora_adapter", this::unload);
        to.add("/v1/messages", this::complete);
        to.add("/v1/responses", exchange -> complete(exchange, StubVectors::base));
        StubVectors vectors = new StubVectors(this);
        to.add("/v1/embeddings", vectors.embedding(this::asked));
        to.add("/v1/rerank", vectors.ranking(StubVectors::base));
        to.add("/v1/score", vectors.ranking(StubVectors::base));
    }

    @Override
    String models() {
        ObjectNode list = Http.JSON.createObjectNode().put("object", "list");
        var data = list.putArray("data");
        data.addObject()
                .put("id", BASE)
                .put("root", BASE)
                .putNull("parent")
                .put("max_model_len", 512);
        adapters()
                .registered()
                .forEach((name, path) ->
                        data.addObject()
                                .put("id", name)
                                .put("root", path.toString())
                                .put("parent", BASE)
                                .putNull("max_model_len"));
        return list.toString();
    }

    private void load(HttpExchange exchange) throws IOException {
        ObjectNode body = body(exchange);
        String name = body.path("lora_name").asString("");
        Path path = Path.of(body.path("lora_path").asString(""));
        if (name.isEmpty() || body.path("lora_path").isMissingNode()) {
            text(exchange, 422, "{\"detail\":[{\"type\":\"missing\"}]}");
        } else if (adapters().registered().containsKey(name)) {
            update(
                    exchange,
                    "Failed to load LoRA adapter " + name + " because it is already loaded");
        } else if (!Files.isDirectory(path)) {
            update(exchange, "Failed to load LoRA adapter " + name + ": " + path);
        } else {
            evict();
            load(name, path);
            synchronized (this) {
                everLoaded.add(name);
                paths.put(name, path);
            }
            update(exchange, "");
        }
    }

    private void evict() throws IOException {
        Map<String, Path> registered = adapters().registered();
        if (registered.size() >= most) {
            String oldest = registered.keySet().iterator().next();
            unused(oldest);
            adapters().unload(oldest, true);
        }
    }

    private void unload(HttpExchange exchange) throws IOException {
        String name = body(exchange).path("lora_name").asString("");
        if (!adapters().registered().containsKey(name)) {
            update(exchange, "LoRA with name " + name + " does not exist. Loaded LoRAs: []");
            return;
        }
        unused(name);
        adapters().unload(name, true);
        update(exchange, "");
    }

    private synchronized void unused(String name) throws IOException {
        try {
            boolean waits = false;
            while (used.getOrDefault(name, 0) > 0) {
                waits = true;
                wait();
            }
            waited += waits ? 1 : 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private void update(HttpExchange exchange, String error) throws IOException {
        ObjectNode answer = Http.JSON.createObjectNode().put("success", error.isEmpty());
        answer.put("error_message", error.isEmpty() ? null : error);
        ObjectNode loaded = answer.putObject("loaded_adapters");
        adapters().registered().forEach((name, path) -> loaded.put(name, path.toString()));
        text(exchange, error.isEmpty() ? 200 : 400, answer.toString());
    }

    @Override
    Asked asked(ObjectNode body) throws Refused {
        String model = body.path("model").asString("");
        int colon = model.indexOf(':');
        if (colon < 0) {
            enter(NO_ADAPTER);
            return new Asked(model, Optional.empty());
        }
        String name = model.substring(colon + 1);
        synchronized (this) {
            if (!everLoaded.contains(name)) {
                throw new Refused(
                        400,
                        "BadRequestError",
                        "Got LoRA adapter that has never been loaded: " + name);
            }
        }
        enter(name);
        if (!adapters().registered().containsKey(name)) {
            reload(name);
        }
        return new Asked(model, adapters().use(name));
    }

    /** Waits for a place in the batch. */
    private synchronized void enter(String name) throws Refused {
        try {
            while (!used.containsKey(name) && used.size() >= batch) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refused(500, "InternalServerError", "interrupted");
        }
        used.merge(name, 1, Integer::sum);
        current.set(name);
    }

    private void reload(String name) throws Refused {
        Path path = paths.get(name);
        try {
            if (path == null || !Files.isDirectory(path)) {
                throw new IOException("no folder " + path);
            }
            evict();
            load(name, path);
        } catch (IOException e) {
            throw new Refused(
                    400,
                    "BadRequestError",
                    "Failed to implicitly load LoRA adapter " + name + ": " + e.getMessage());
        }
    }

    @Override
    synchronized void ended(HttpExchange exchange) {
        String name = current.get();
        if (name != null) {
            current.remove();
            used.computeIfPresent(name, (_, count) -> count == 1 ? null : count - 1);
            notifyAll();
        }
    }

    @Override
    synchronized void die() {
        everLoaded.clear();
        super.die();
    }

    @Override
    String error(int status, String type, String message) {
        return Http.JSON.writeValueAsString(
                Map.of("object", "error", "message", message, "type", type, "code", status));
    }
}
