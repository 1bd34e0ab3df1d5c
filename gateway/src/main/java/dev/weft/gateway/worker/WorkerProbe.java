package dev.weft.gateway.worker;

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
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks a worker whether it is ready ({@code GET /actuator/health/readiness}) and what it serves
 * ({@code GET /v1/models}: entries without a parent are base models). Waits for answers at most as
 * long as it was told to; for any thread, best a virtual one.
 */
final class WorkerProbe implements AutoCloseable {
    private record Model(String id, @Nullable String root, @Nullable String parent) {}

    private record Models(List<Model> data) {}

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Duration deadline;
    private final HttpClient client;

    WorkerProbe(Duration deadline) {
        this.deadline = deadline;
        this.client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(deadline)
                        .build();
    }

    /**
     * Probes once.
     *
     * @param known what it served before, asked for again where empty
     */
    ProbeResult probe(URI worker, Map<String, String> known) throws InterruptedException {
        try {
            int readiness = get(worker.resolve("/actuator/health/readiness")).statusCode();
            if (readiness == 503) {
                return new ProbeResult.Refusing("readiness answered 503");
            }
            if (readiness != 200) {
                return new ProbeResult.NotReady("readiness answered " + readiness);
            }
            if (!known.isEmpty()) {
                return new ProbeResult.Ready(known);
            }
            HttpResponse<byte[]> models = get(worker.resolve("/v1/models"));
            return models.statusCode() == 200
                    ? new ProbeResult.Ready(bases(models.body()))
                    : new ProbeResult.NotReady("/v1/models answered " + models.statusCode());
        } catch (TimeoutException e) {
            return new ProbeResult.Silent("no answer within " + deadline.toMillis() + " ms");
        } catch (JacksonException e) {
            return new ProbeResult.NotReady("/v1/models is unreadable: " + e.getOriginalMessage());
        } catch (IOException e) {
            return new ProbeResult.NotReady(String.valueOf(e));
        }
    }

    private static Map<String, String> bases(byte[] body) {
        Map<String, String> bases = new HashMap<>();
        for (Model model : JSON.readValue(body, Models.class).data()) {
            if (model.parent() == null) {
                bases.put(model.id(), model.root() == null ? model.id() : model.root());
            }
        }
        return bases;
    }

    private HttpResponse<byte[]> get(URI address)
            throws IOException, InterruptedException, TimeoutException {
        CompletableFuture<HttpResponse<byte[]>> answer =
                client.sendAsync(
                        HttpRequest.newBuilder(address).build(),
                        HttpResponse.BodyHandlers.ofByteArray());
        try {
            return answer.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof HttpTimeoutException) {
                throw new TimeoutException(String.valueOf(e.getCause()));
            }
            throw new IOException(String.valueOf(e.getCause()), e);
        } finally {
            answer.cancel(true);
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
