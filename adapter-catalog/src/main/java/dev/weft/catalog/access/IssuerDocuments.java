package dev.weft.catalog.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
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
 * Fetches an issuer's documents, its keys among them. A successful answer counts for 10 seconds and
 * a failure for one, in which the issuer isn't asked again. Spring's decoder asks for each key that
 * it does not know, and anybody may send a token that names such a key. A new key is known when the
 * 10 seconds are over. Safe for any thread.
 */
final class IssuerDocuments implements ClientHttpRequestInterceptor {
    private static final Duration COUNTS = Duration.ofSeconds(10);
    private static final Duration FAILURE_COUNTS = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final ConcurrentMap<URI, Last> last = new ConcurrentHashMap<>();

    private IssuerDocuments() {}

    /** A client that keeps answers and failures for these times. */
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
        Last known = last.get(request.getURI());
        if (known == null || System.nanoTime() - known.until >= 0) {
            known = asked(request, body, execution);
            last.put(request.getURI(), known);
        }
        if (known.kept == null) {
            throw new IOException(known.failure);
        }
        return new Answer(known.kept);
    }

    private static Last asked(
            HttpRequest request, byte[] body, ClientHttpRequestExecution execution) {
        try (ClientHttpResponse response = execution.execute(request, body)) {
            var kept =
                    new Kept(
                            response.getStatusCode(),
                            response.getHeaders(),
                            new String(response.getBody().readAllBytes(), UTF_8));
            boolean ok = kept.status.is2xxSuccessful();
            return new Last(kept, null, moment(ok ? COUNTS : FAILURE_COUNTS));
        } catch (IOException e) {
            return new Last(null, e, moment(FAILURE_COUNTS));
        }
    }

    private static long moment(Duration ahead) {
        return System.nanoTime() + ahead.toNanos();
    }

    /**
     * How the last request for a document ended.
     *
     * @param kept the answer; null if there was none
     * @param failure why there was none
     * @param until moment after which the issuer is asked again; {@link System#nanoTime()}
     */
    private record Last(@Nullable Kept kept, @Nullable IOException failure, long until) {}

    private record Kept(HttpStatusCode status, HttpHeaders headers, String json) {}

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
