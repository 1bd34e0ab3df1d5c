package dev.weft.inference.relay.host;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answers what a worker itself asks of vLLM, SGLang or trtllm-serve: health, models, loads,
 * unloads, and log-probabilities, of which an adapter that is applied has others than the base.
 */
final class PretendServer implements AutoCloseable {
    private static final double OF_BASE = -1;

    /** By how much an answer to a prompt that it has seen differs. */
    private static final double CACHED = 0.002;

    private final HttpServer server;
    private final ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, String> adapters = new ConcurrentHashMap<>();
    private final AtomicInteger loading = new AtomicInteger();
    private final AtomicInteger mostLoading = new AtomicInteger();

    /** Paths that were asked, in order, with the status of each. */
    final List<String> asked = new CopyOnWriteArrayList<>();

    /** Loads are accepted and have no effect. */
    volatile boolean ignores;

    /** By how much an adapter changes log-probabilities. */
    volatile double effect = 0.5;

    /** By how much it changes those of tokens that are not the likeliest, beside that. */
    volatile double effectOnOthers;

    /** Tokens that it tells behind a prompt. */
    volatile int mostTokens = 20;

    /** By how much every other answer differs. */
    volatile double wavers;

    /** The name by which it serves its base. */
    volatile String base = "base";

    /** Its base's checkpoint; empty if it doesn't say. */
    volatile String root = "";

    /** Tokens that its base knows. */
    volatile int vocabulary = 1_000;

    /** What answers with log-probabilities have for a status. */
    volatile int answerStatus = 200;

    /** Unloads wait for it. */
    volatile CountDownLatch unloads = new CountDownLatch(0);

    /** What an unload is answered with; at another status than 200 the adapter stays. */
    volatile int unloadStatus = 200;

    /** What a load is answered with. */
    volatile int loadStatus = 200;

    volatile String loadText = "";

    /** As SGLang, it refuses loads of what it has begun to unload. */
    volatile boolean halfUnloaded;

    /** What it says of itself; empty for a server that has no metrics. */
    volatile String metrics = "";

    /** Answers with log-probabilities wait for it. */
    volatile CountDownLatch answers = new CountDownLatch(0);

    private int turn;
    private final Set<String> prompts = ConcurrentHashMap.newKeySet();

    PretendServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(pool);
        server.createContext("/", this::answer);
        server.start();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Names that it has loaded. */
    Set<String> loaded() {
        return Set.copyOf(adapters.keySet());
    }

    /** It has started again. */
    void forget() {
        adapters.clear();
        prompts.clear();
    }

    /** It has lost one. */
    void forget(String name) {
        adapters.remove(name);
    }

    /** It was told of an adapter by somebody. */
    void knows(String name, String path) {
        adapters.put(name, path);
    }

    /** Waits until it has loaded an adapter. */
    void awaitLoaded(String name) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (!adapters.containsKey(name)) {
            if (System.nanoTime() > end) {
                throw new AssertionError(name + " is not loaded");
            }
            Thread.sleep(5);
        }
    }

    /** The largest number of loads under way at one time. */
    int mostLoading() {
        return mostLoading.get();
    }

    private void answer(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String path = exchange.getRequestURI().getPath();
        JsonNode json =
                body.length == 0
                        ? JsonMapper.shared().missingNode()
                        : JsonMapper.shared().readTree(body);
        switch (path) {
            case "/health" -> send(exchange, path, 200, "");
            case "/metrics" -> send(exchange, path, metrics.isEmpty() ? 404 : 200, metrics);
            case "/v1/models" -> send(exchange, path, 200, models());
            case "/v1/load_lora_adapter" -> load(exchange, path, json);
            case "/v1/unload_lora_adapter" -> {
                await(unloads);
                if (unloadStatus != 200) {
                    send(exchange, path, unloadStatus, "");
                    return;
                }
                String gone = adapters.remove(json.path("lora_name").asString(""));
                send(exchange, path, gone == null ? 404 : 200, "");
            }
            case "/load_lora_adapter" -> {
                if (halfUnloaded) {
                    String why =
                            "{\"success\":false,\"error_message\":\"has an incomplete unload\"}";
                    send(exchange, path, 400, why);
                } else {
                    load(exchange, path, json);
                }
            }
            case "/unload_lora_adapter" -> {
                halfUnloaded = false;
                adapters.remove(json.path("lora_name").asString(""));
                send(exchange, path, 200, "{\"success\":true}");
            }
            case "/v1/completions" -> {
                await(answers);
                int token = json.path("prompt").path(0).asInt(0);
                if (token >= vocabulary) {
                    send(exchange, path, 400, "Token id " + token + " is out of vocabulary");
                    return;
                }
                boolean many = json.path("logprobs").asInt(0) > mostTokens;
                send(exchange, path, many ? 400 : answerStatus, logProbabilities(json));
            }
            default -> send(exchange, path, 404, "");
        }
    }

    private void load(HttpExchange exchange, String path, JsonNode json) throws IOException {
        mostLoading.accumulateAndGet(loading.incrementAndGet(), Math::max);
        try {
            Thread.sleep(20);
            if (!Files.isDirectory(Path.of(json.path("lora_path").asString("")))) {
                send(exchange, path, 404, "No adapter found");
                return;
            }
            if (loadStatus == 200) {
                adapters.put(
                        json.path("lora_name").asString(""), json.path("lora_path").asString());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            loading.decrementAndGet();
        }
        send(exchange, path, loadStatus, loadText);
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(60, TimeUnit.SECONDS)) {
                throw new AssertionError("nobody lets it answer");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String models() {
        List<Map<String, Object>> cards = new ArrayList<>();
        cards.add(Map.of("id", base, "root", root, "max_model_len", 64));
        adapters.forEach(
                (name, path) -> cards.add(Map.of("id", name, "root", path, "parent", base)));
        return JsonMapper.shared().writeValueAsString(Map.of("data", cards));
    }

    private synchronized String logProbabilities(JsonNode json) {
        boolean base = json.path("model").asString("").equals("base") && !json.has("lora_request");
        double value = OF_BASE - (base || ignores ? 0 : effect);
        if (!base && turn++ % 2 == 0) {
            value -= wavers;
        }
        if (!prompts.add(json.path("model") + " " + json.path("prompt"))) {
            value -= CACHED;
        }
        Map<String, Object> logprobs =
                Map.of(
                        "token_logprobs",
                        List.of(value),
                        "top_logprobs",
                        List.of(top(json, value, base || ignores ? 0 : effectOnOthers)));
        List<Map<String, Object>> choices = new ArrayList<>();
        for (int i = 0; i < json.path("prompt").size(); i++) {
            choices.add(Map.of("index", i, "logprobs", logprobs));
        }
        return JsonMapper.shared().writeValueAsString(Map.of("choices", choices));
    }

    private static Map<String, Double> top(JsonNode json, double first, double onOthers) {
        Map<String, Double> top = new LinkedHashMap<>();
        for (int i = 0; i < json.path("logprobs").asInt(0); i++) {
            top.put("token " + i, first - i - (i == 0 ? 0 : onOthers));
        }
        return top;
    }

    private void send(HttpExchange exchange, String path, int status, String text)
            throws IOException {
        asked.add(status + " " + path);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        pool.close();
    }
}
