package dev.weft.inference.relay.call;

import dev.weft.inference.relay.dialect.AdapterCall;
import dev.weft.inference.relay.dialect.ServerReply;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Calls a server beside the worker; each call has one deadline for its whole answer. Any thread.
 */
public final class ServerCalls implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(2);

    private final URI address;
    private final @Nullable String key;
    private final HttpClient http =
            HttpClient.newBuilder()
                    .connectTimeout(CONNECT)
                    .version(HttpClient.Version.HTTP_1_1)
                    .build();

    /**
     * @param address of the server, without a path
     * @param key that the server asks for; null for none
     */
    public ServerCalls(URI address, @Nullable String key) {
        this.address = address;
        this.key = key;
    }

    public URI address() {
        return address;
    }

    public ServerReply get(String path, Duration deadline)
            throws IOException, InterruptedException {
        return exchange(request(path).GET(), deadline);
    }

    public ServerReply post(AdapterCall call, Duration deadline)
            throws IOException, InterruptedException {
        return exchange(
                request(call.path())
                        .header("Content-Type", "application/json")
                        .POST(
                                BodyPublishers.ofByteArray(
                                        JsonMapper.shared().writeValueAsBytes(call.body()))),
                deadline);
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address.resolve(path));
        return key == null ? request : request.header("Authorization", "Bearer " + key);
    }

    private ServerReply exchange(HttpRequest.Builder request, Duration deadline)
            throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<String>> answer =
                http.sendAsync(request.timeout(deadline).build(), BodyHandlers.ofString());
        try {
            HttpResponse<String> whole = answer.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
            return new ServerReply(whole.statusCode(), whole.body());
        } catch (TimeoutException e) {
            throw new HttpTimeoutException("no answer within " + deadline.toSeconds() + " s");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException failure
                    ? failure
                    : new IOException(e.getCause());
        } finally {
            answer.cancel(true);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
