package dev.weft.gateway.worker;

import dev.weft.protocol.error.InvalidJson;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks a worker whether it is ready ({@code GET /actuator/health/readiness}) and which models it
 * serves ({@code GET /v1/models}: entries without a parent are base models). It waits for an answer
 * until its deadline at most. Any thread, best a virtual one.
 */
final class WorkerProbe implements AutoCloseable {
    private record ProbedModel(
            @Nullable String id, @Nullable String root, @Nullable String parent) {}

    private record Models(@Nullable List<@Nullable ProbedModel> data) {}

    /** A thread that wakes so much later than asked did not run meanwhile. */
    private static final Duration LATE = Duration.ofSeconds(1);

    private static final Duration LAST_LOOK = Duration.ofMillis(100);

    /** The deadline of a list that nobody waits for. */
    private static final Duration LIST = Duration.ofSeconds(10);

    /** Bytes of an answer on readiness; workers answer with a word. */
    private static final int READINESS_BYTES = 64 << 10;

    /** Bytes of a list of models: an adapter takes some 250 of them. */
    static final int LIST_BYTES = 32 << 20;

    private final Duration deadline;
    private final @Nullable String token;
    private final HttpClient client;

    /**
     * @param token sent to workers; null for none
     * @param client how they are reached
     */
    WorkerProbe(Duration deadline, @Nullable String token, HttpClient.Builder client) {
        this.deadline = deadline;
        this.token = token;
        this.client = client.connectTimeout(deadline).build();
    }

    /**
     * Probes once.
     *
     * @param known models it served before; if empty, they are asked for again
     */
    ProbeResult probe(URI worker, Map<String, String> known) throws InterruptedException {
        try {
            HttpResponse<byte[]> readiness =
                    get(worker.resolve("/actuator/health/readiness"), READINESS_BYTES);
            if (readiness.statusCode() == 503) {
                return isDown(readiness.body())
                        ? new ProbeResult.Down("readiness answered DOWN")
                        : new ProbeResult.Refusing("readiness answered 503");
            }
            if (readiness.statusCode() != 200) {
                return new ProbeResult.Strange("readiness answered " + readiness.statusCode());
            }
            return new ProbeResult.Ready(
                    known.isEmpty() ? bases(get(worker.resolve("/v1/models"), LIST_BYTES)) : known);
        } catch (LateException e) {
            return e.missed
                    ? new ProbeResult.Missed()
                    : new ProbeResult.Silent("no answer within " + deadline.toMillis() + " ms");
        } catch (UnreadableException e) {
            return new ProbeResult.Strange(String.valueOf(e.getMessage()));
        } catch (BoundedAnswer.TooLongException e) {
            return new ProbeResult.Strange(worker + " " + e.getMessage());
        } catch (IOException e) {
            return new ProbeResult.Unreachable(String.valueOf(e));
        }
    }

    /** Asks which models it serves; fails if there is no answer within 10 s. Returns at once. */
    CompletableFuture<Map<String, String>> list(URI worker) {
        return send(worker.resolve("/v1/models"), LIST_BYTES, LIST)
                .thenApply(answer -> {
                    try {
                        return bases(answer);
                    } catch (UnreadableException e) {
                        throw new IllegalStateException(e.getMessage(), e);
                    }
                });
    }

    /** Weft's workers say {@code OUT_OF_SERVICE} if they merely take no more requests. */
    private static boolean isDown(byte[] health) {
        try {
            JsonNode status = JsonMapper.shared().readTree(health).get("status");
            return status != null && status.isString() && status.asString().equals("DOWN");
        } catch (JacksonException e) {
            return false;
        }
    }

    private static Map<String, String> bases(HttpResponse<byte[]> answer)
            throws UnreadableException {
        if (answer.statusCode() != 200) {
            throw new UnreadableException("/v1/models answered " + answer.statusCode());
        }
        try {
            Models models = JsonMapper.shared().readValue(answer.body(), Models.class);
            if (models == null || models.data() == null) {
                throw new UnreadableException("/v1/models has no data");
            }
            return bases(models.data());
        } catch (JacksonException e) {
            throw new UnreadableException("/v1/models is unreadable: " + InvalidJson.words(e));
        }
    }

    private static Map<String, String> bases(List<@Nullable ProbedModel> models)
            throws UnreadableException {
        Map<String, String> bases = new HashMap<>();
        for (ProbedModel model : models) {
            if (model == null || model.id() == null) {
                throw new UnreadableException("/v1/models has an entry without an id");
            }
            if (model.parent() == null) {
                bases.put(model.id(), model.root() == null ? model.id() : model.root());
            }
        }
        return bases;
    }

    private HttpResponse<byte[]> get(URI address, int most)
            throws IOException, InterruptedException, LateException {
        long start = System.nanoTime();
        CompletableFuture<HttpResponse<byte[]>> answer = send(address, most, deadline.plus(LATE));
        try {
            return answer(answer);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof HttpTimeoutException) {
                throw late(start);
            }
            if (e.getCause() instanceof BoundedAnswer.TooLongException tooLong) {
                throw tooLong;
            }
            throw new IOException(String.valueOf(e.getCause()), e);
        } catch (TimeoutException e) {
            throw late(start);
        } finally {
            answer.cancel(true);
        }
    }

    /** An answer that came while this process was held up may take a moment to be seen. */
    private HttpResponse<byte[]> answer(CompletableFuture<HttpResponse<byte[]>> answer)
            throws ExecutionException, TimeoutException, InterruptedException {
        try {
            return answer.get(deadline.minus(LAST_LOOK).toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return answer.get(LAST_LOOK.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private LateException late(long start) {
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        return new LateException(took.compareTo(deadline.plus(LATE)) > 0);
    }

    private CompletableFuture<HttpResponse<byte[]>> send(URI address, int most, Duration limit) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address).timeout(limit);
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        return client.sendAsync(request.build(), BoundedAnswer.upTo(most));
    }

    @Override
    public void close() {
        client.shutdownNow();
    }

    /** No answer came in time; {@code missed} if that was because this process did not run. */
    private static final class LateException extends Exception {
        private final boolean missed;

        LateException(boolean missed) {
            super("no answer in time");
            this.missed = missed;
        }
    }

    /** It answers, but not as a worker does. */
    private static final class UnreadableException extends Exception {
        UnreadableException(String message) {
            super(message);
        }
    }
}
