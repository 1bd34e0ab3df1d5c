package dev.weft.standalone.bench.stream;

import dev.weft.access.client.ServiceClient;
import dev.weft.standalone.bench.load.Api;
import dev.weft.standalone.bench.load.Load;
import dev.weft.standalone.failure.CommandException;
import dev.weft.standalone.http.CommandClients;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A server with OpenAI's interface. Calls block and have a deadline. Safe for any thread. */
public final class Endpoint implements AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    private final URI base;
    private final Duration timeout;

    private final HttpClient http;
    private final ServiceClient client;

    /**
     * Creates a client of a server.
     *
     * @param address with or without {@code /v1} at its end
     * @param timeout time for a complete answer
     * @param http client for the requests
     */
    public Endpoint(
            URI address, @Nullable String apiKey, Duration timeout, HttpClient.Builder http) {
        // the thread that reads the sockets also handles the bytes: no hand-over per token
        this.http = http.executor(Runnable::run).connectTimeout(CONNECT_TIMEOUT).build();
        String text = address.toString().replaceFirst("/+$", "").replaceFirst("/v1$", "");
        this.base = URI.create(text);
        this.client = new ServiceClient(apiKey, this.http);
        this.timeout = timeout;
    }

    public URI address() {
        return base;
    }

    /** The model names of {@code /v1/models}. */
    public List<String> models() throws CommandException {
        HttpResponse<String> response = get("/v1/models");
        if (response.statusCode() != 200) {
            throw new CommandException(
                    "%s/v1/models answers %d: %s"
                            .formatted(base, response.statusCode(), ErrorText.of(response.body())));
        }
        try {
            var names = new ArrayList<String>();
            for (JsonNode model : JsonMapper.shared().readTree(response.body()).path("data")) {
                names.add(model.path("id").asString());
            }
            return names;
        } catch (JacksonException e) {
            throw new CommandException(base + "/v1/models answers something that is not JSON", e);
        }
    }

    private HttpResponse<String> get(String path) throws CommandException {
        try {
            return client.exchange(request(path), HttpResponse.BodyHandlers.ofString(), timeout);
        } catch (IOException e) {
            throw new CommandException(
                    "no server answers at "
                            + base
                            + " ("
                            + e.getClass().getSimpleName()
                            + "): is one running? ./weft serve starts one"
                            + CommandClients.hint(e),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("interrupted", e);
        }
    }

    private HttpRequest.Builder request(String path) {
        return client.request(URI.create(base + path));
    }

    /** Sends a request and waits for the end of its answer. */
    public Outcome send(Api api, Load.Request load) throws InterruptedException {
        HttpRequest request =
                request(api.path())
                        .header("Content-Type", "application/json")
                        .header("Accept", "text/event-stream")
                        .POST(HttpRequest.BodyPublishers.ofString(load.body()))
                        .build();
        long sent = System.nanoTime();
        CompletableFuture<HttpResponse<Outcome>> answer =
                http.sendAsync(request, info -> reader(info, sent, load.outputTokens()));
        try {
            return answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS).body();
        } catch (TimeoutException _) {
            answer.cancel(true);
            return new Outcome.Failed(Failure.timeout(timeout.toMillis() / 1e3));
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            return new Outcome.Failed(Failure.of(cause == null ? e : cause));
        }
    }

    private static BodySubscriber<Outcome> reader(ResponseInfo info, long sent, int tokens) {
        String type = info.headers().firstValue("Content-Type").orElse("of no type");
        if (info.statusCode() == 200 && type.startsWith("text/event-stream")) {
            return new StreamReader(sent, System::nanoTime, tokens);
        }
        return BodySubscribers.mapping(
                BodySubscribers.ofString(StandardCharsets.UTF_8),
                body ->
                        new Outcome.Failed(
                                info.statusCode() == 200
                                        ? Failure.notAStream(type)
                                        : Failure.http(info.statusCode(), body)));
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
