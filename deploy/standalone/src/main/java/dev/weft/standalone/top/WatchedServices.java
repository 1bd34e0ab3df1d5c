package dev.weft.standalone.top;

import dev.weft.access.client.ServiceClient;
import dev.weft.standalone.metrics.Scrape;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Asks services for their metrics, all at once. For one thread. */
final class WatchedServices implements AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration DEADLINE = Duration.ofSeconds(3);

    /**
     * @param token token for each service; null for none
     * @param http client for the requests
     */
    WatchedServices(@Nullable String token, HttpClient.Builder http) {
        this.client = new ServiceClient(token, http.connectTimeout(CONNECT_TIMEOUT).build());
    }

    /** The outcome of one request. */
    sealed interface Answer {
        record Known(Scrape scrape) implements Answer {}

        record Failed(String why) implements Answer {}
    }

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ServiceClient client;

    /**
     * Asks services; the answers have the order of the addresses, and come within about {@link
     * #DEADLINE}.
     */
    Map<URI, Answer> ask(List<URI> addresses) throws InterruptedException {
        Map<URI, Future<Answer>> asked = new LinkedHashMap<>();
        addresses.forEach(address -> asked.put(address, threads.submit(() -> ask(address))));
        Map<URI, Answer> answers = new LinkedHashMap<>();
        for (Map.Entry<URI, Future<Answer>> one : asked.entrySet()) {
            try {
                answers.put(one.getKey(), one.getValue().get());
            } catch (ExecutionException e) {
                answers.put(one.getKey(), new Answer.Failed(String.valueOf(e.getCause())));
            }
        }
        return answers;
    }

    private Answer ask(URI address) throws InterruptedException {
        try {
            HttpResponse<String> answer =
                    client.exchange(
                            client.request(address),
                            HttpResponse.BodyHandlers.ofString(),
                            DEADLINE);
            return answer.statusCode() == 200
                    ? new Answer.Known(Scrape.parse(System.nanoTime(), answer.body()))
                    : new Answer.Failed("answers " + answer.statusCode());
        } catch (IOException e) {
            return new Answer.Failed("does not answer (" + e.getClass().getSimpleName() + ")");
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        client.close();
    }
}
