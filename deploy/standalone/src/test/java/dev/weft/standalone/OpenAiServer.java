package dev.weft.standalone;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Speaks OpenAI's protocol as far as a load needs it; the model of a request decides its outcome.
 * Streams are sent in chunks of 7 bytes, so that events, lines and characters are cut anywhere.
 */
public final class OpenAiServer implements AutoCloseable {
    private static final int CHUNK = 7;
    private static final int VOCABULARY = 5000;

    /** Answers with as many tokens as requested. */
    static final String GOOD = "good";

    /** The stream ends without [DONE]. */
    static final String BREAKS = "breaks";

    /** Sends an error event after two tokens. */
    static final String ERROR = "error";

    /** 503. */
    static final String BUSY = "busy";

    /** Answers a probe with one token, then with 503. */
    static final String LEAVES = "leaves";

    /** Gives no answer until the server is closed. */
    static final String SILENT = "silent";

    /** The answer ends after two tokens. */
    static final String BRIEF = "brief";

    /** Never streams, whatever the request asks for. */
    static final String WHOLE = "whole";

    /** Knows neither lists of ids nor fields of vLLM, and counts no tokens. */
    static final String STRICT = "strict";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final List<JsonNode> bodies = new CopyOnWriteArrayList<>();
    private final List<String> keys = new CopyOnWriteArrayList<>();

    public OpenAiServer() {
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/v1/", this::answer);
        server.start();
    }

    public URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Answers with these metrics from now on. */
    public void tells(String metrics) {
        server.createContext(
                "/actuator/prometheus",
                exchange -> {
                    try (exchange) {
                        byte[] bytes = metrics.getBytes(StandardCharsets.UTF_8);
                        exchange.sendResponseHeaders(200, bytes.length);
                        exchange.getResponseBody().write(bytes);
                    }
                });
    }

    /** The bodies as received; the first ones are a probe's. */
    public List<JsonNode> bodies() {
        return bodies;
    }

    /** The Authorization header of each request. */
    public List<String> keys() {
        return keys;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            if (exchange.getRequestURI().getPath().equals("/v1/models")) {
                json(exchange, 200, "{\"data\":[{\"id\":\"good\"},{\"id\":\"brief\"}]}");
                return;
            }
            JsonNode body = JsonMapper.shared().readTree(exchange.getRequestBody().readAllBytes());
            bodies.add(body);
            String refusal = refusal(body);
            if (refusal == null) {
                answer(exchange, body);
            } else {
                json(exchange, 400, "{\"error\":{\"message\":\"" + refusal + "\"}}");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static @Nullable String refusal(JsonNode body) {
        JsonNode prompt = body.path("prompt");
        if (body.path("model").asString().equals(STRICT)) {
            for (String field : List.of("ignore_eos", "stream_options")) {
                if (body.has(field)) {
                    return "unknown field " + field;
                }
            }
            return prompt.isArray() ? "prompt is not a string" : null;
        }
        for (JsonNode id : prompt) {
            if (id.asInt() >= VOCABULARY) {
                return "token id " + id + " is unknown";
            }
        }
        return null;
    }

    private void answer(HttpExchange exchange, JsonNode body)
            throws IOException, InterruptedException {
        String tokens = tokens(body, Math.min(2, body.path("max_tokens").asInt()));
        switch (body.path("model").asString()) {
            case BREAKS -> stream(exchange, tokens);
            case ERROR ->
                    stream(
                            exchange,
                            tokens + "data: {\"error\":{\"message\":\"worker left\"}}\n\n");
            case BUSY -> json(exchange, 503, "{\"error\":{\"message\":\"overloaded\"}}");
            case LEAVES -> {
                if (body.path("max_tokens").asInt() == 1) {
                    stream(exchange, tokens + end(body, 1));
                } else {
                    json(exchange, 503, "{}");
                }
            }
            case SILENT -> closing.await(120, TimeUnit.SECONDS);
            case BRIEF -> stream(exchange, tokens + end(body, 2));
            case WHOLE -> json(exchange, 200, "{\"choices\":[{\"text\":\"x\"}]}");
            default -> {
                int most = body.path("max_tokens").asInt();
                stream(exchange, tokens(body, most) + end(body, most));
            }
        }
    }

    private static String tokens(JsonNode body, int count) {
        String choice =
                body.has("messages") ? "{\"delta\":{\"content\":\"é\"}}" : "{\"text\":\"é\"}";
        return ("data: {\"choices\":[" + choice + "],\"usage\":null}\n\n").repeat(count);
    }

    private static String end(JsonNode body, int tokens) {
        JsonNode prompt = body.path("prompt");
        String text =
                prompt.isString() ? prompt.asString() : body.at("/messages/0/content").asString("");
        // a word is 1.5 tokens here, plus 4 for the prompt
        long words = Arrays.stream(text.split(" ")).count();
        long counted = prompt.isArray() ? prompt.size() : 4 + Math.round(1.5 * words);
        String usage =
                "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":%d,\"completion_tokens\":%d}}\n\n"
                        .formatted(counted, tokens);
        return (body.has("stream_options") ? usage : "") + "data: [DONE]\n\n";
    }

    private static void json(HttpExchange exchange, int status, String body) throws IOException {
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length());
        exchange.getResponseBody().write(body.getBytes(StandardCharsets.UTF_8));
    }

    private static void stream(HttpExchange exchange, String events) throws IOException {
        exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        byte[] bytes = events.getBytes(StandardCharsets.UTF_8);
        OutputStream out = exchange.getResponseBody();
        for (int at = 0; at < bytes.length; at += CHUNK) {
            out.write(bytes, at, Math.min(CHUNK, bytes.length - at));
            out.flush();
        }
        out.close();
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
