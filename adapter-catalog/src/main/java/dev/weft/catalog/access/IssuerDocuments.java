package dev.weft.catalog.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpRequest;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.client.ClientHttpRequestExecution;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.web.client.RestOperations;
import org.springframework.web.client.RestTemplate;

/**
 * Fetches an issuer's documents, its keys among them. A successful answer counts for 10 seconds, in
 * which the issuer isn't asked again. Spring's decoder asks for each key that it does not know, and
 * anybody may send a token that names such a key. A new key is known when the 10 seconds are over.
 * Safe for any thread.
 */
final class IssuerDocuments implements ClientHttpRequestInterceptor {
    private static final Duration COUNTS = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final ConcurrentMap<URI, Kept> last = new ConcurrentHashMap<>();

    private IssuerDocuments() {}

    /** A client that keeps successful answers for that time. */
    static RestOperations client() {
        var requests = new SimpleClientHttpRequestFactory();
        requests.setConnectTimeout(LONGEST);
        requests.setReadTimeout(LONGEST);
        RestTemplate client = new RestTemplate(requests);
        client.getInterceptors().add(new IssuerDocuments());
        return client;
    }

    @Override
    public ClientHttpResponse intercept(
            HttpRequest request, byte[] body, ClientHttpRequestExecution execution)
            throws IOException {
        Kept known = last.get(request.getURI());
        if (known != null && known.counts()) {
            return new Answer(known);
        }
        try (ClientHttpResponse response = execution.execute(request, body)) {
            var kept =
                    new Kept(
                            response.getStatusCode(),
                            response.getHeaders(),
                            new String(response.getBody().readAllBytes(), UTF_8),
                            System.nanoTime());
            if (kept.status.is2xxSuccessful()) {
                last.put(request.getURI(), kept);
            }
            return new Answer(kept);
        }
    }

    private record Kept(HttpStatusCode status, HttpHeaders headers, String json, long at) {
        boolean counts() {
            return System.nanoTime() - at < COUNTS.toNanos();
        }
    }

    private record Answer(Kept kept) implements ClientHttpResponse {
        @Override
        public HttpStatusCode getStatusCode() {
            return kept.status;
        }

        @Override
        public String getStatusText() {
            return "";
        }

        @Override
        public HttpHeaders getHeaders() {
            return kept.headers;
        }

        @Override
        public InputStream getBody() {
            return new ByteArrayInputStream(kept.json.getBytes(UTF_8));
        }

        @Override
        public void close() {
            // nothing is open
        }
    }
}
