package dev.weft.source;

import dev.weft.model.repository.RepositoryRef;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Requests to a Hugging Face hub: one request with its redirects at a time, answers sorted into
 * those that may change (an IOException) and those that will not (a SourceException). The token
 * goes to the hub's own scheme, host and port only. Safe for any thread.
 */
final class HubClient {
    private static final int MOST_REDIRECTS = 5;
    private static final Duration NO_WAIT = Duration.ZERO;

    private final SourceSettings settings;
    private final HttpClient http;

    /**
     * An answer with its body still to be read; close it.
     *
     * @param file what the hub said of the file before it sent the client elsewhere
     * @param status 200, 206 or 416
     */
    record Answer(HubFile file, int status, HttpResponse<InputStream> response)
            implements AutoCloseable {
        /** Ends the body when nothing arrives for too long or the fetch's deadline comes. */
        StallWatch watch(SourceSettings settings, Attempts attempts) {
            long left = attempts.nanosLeft();
            return StallWatch.on(response.body(), settings.stallTimeout(), left);
        }

        @Override
        public void close() throws IOException {
            response.body().close();
        }
    }

    HubClient(SourceSettings settings) {
        this.settings = settings;
        this.http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(settings.connectTimeout())
                        .build();
    }

    SourceSettings settings() {
        return settings;
    }

    /** Asks what a revision is. */
    Answer listing(RepositoryRef ref, String revision)
            throws IOException, SourceException, InterruptedException {
        String path = "/api/models/" + ref.repo() + "/revision/" + encode(revision);
        return send(ref, path, 0);
    }

    /** Asks for a file from byte {@code from} on. */
    Answer file(RepositoryRef ref, String commit, String name, long from)
            throws IOException, SourceException, InterruptedException {
        String path =
                Arrays.stream(name.split("/"))
                        .map(HubClient::encode)
                        .collect(Collectors.joining("/"));
        return send(ref, "/" + ref.repo() + "/resolve/" + encode(commit) + "/" + path, from);
    }

    private Answer send(RepositoryRef ref, String path, long from)
            throws IOException, SourceException, InterruptedException {
        URI uri = URI.create(settings.hubEndpoint() + path);
        HubFile file = HubFile.UNKNOWN;
        for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
            HttpResponse<InputStream> response =
                    http.send(request(uri, from), BodyHandlers.ofInputStream());
            file = file.or(HubFile.of(response.headers()));
            int status = response.statusCode();
            if (status == 200 || status == 206 || status == 416) {
                return new Answer(file.or(HubFile.ofBody(response)), status, response);
            }
            response.body().close();
            String location = response.headers().firstValue("location").orElse("");
            if (status / 100 != 3 || location.isEmpty()) {
                throw refused(ref, uri, response);
            }
            uri = redirect(ref, uri, location);
        }
        throw new SourceException(
                SourceFault.NOT_ALLOWED, ref + ": more than " + MOST_REDIRECTS + " redirects");
    }

    private HttpRequest request(URI uri, long from) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri)
                        .timeout(settings.stallTimeout())
                        .header("User-Agent", "weft")
                        .header("Accept-Encoding", "identity");
        if (settings.hubToken() != null && isHub(uri)) {
            request.header("Authorization", "Bearer " + settings.hubToken());
        }
        if (from > 0) {
            request.header("Range", "bytes=" + from + "-");
        }
        return request.GET().build();
    }

    private boolean isHub(URI uri) {
        URI hub = settings.hubEndpoint();
        return hub.getScheme().equals(uri.getScheme())
                && hub.getHost().equalsIgnoreCase(uri.getHost())
                && port(hub) == port(uri);
    }

    private static int port(URI uri) {
        return uri.getPort() >= 0 ? uri.getPort() : "https".equals(uri.getScheme()) ? 443 : 80;
    }

    private static URI redirect(RepositoryRef ref, URI from, String location)
            throws SourceException {
        try {
            URI to = from.resolve(location);
            boolean http = "https".equals(to.getScheme()) || "http".equals(to.getScheme());
            boolean weaker = "https".equals(from.getScheme()) && !"https".equals(to.getScheme());
            if (http && !weaker && to.getHost() != null) {
                return to;
            }
        } catch (IllegalArgumentException e) {
            throw new SourceException(
                    SourceFault.NOT_ALLOWED, ref + ": redirect to no address: " + location, e);
        }
        throw new SourceException(
                SourceFault.NOT_ALLOWED, ref + ": redirect from " + from + " to " + location);
    }

    private SourceException refused(RepositoryRef ref, URI uri, HttpResponse<InputStream> response)
            throws IOException {
        int status = response.statusCode();
        String said = response.headers().firstValue("x-error-message").orElse("");
        String answer = uri + " answers " + status + (said.isEmpty() ? "" : " (" + said + ")");
        if (status == 429 || status == 408 || status >= 500) {
            throw new Attempts.BusyException(answer, retryAfter(response));
        }
        if (status == 401 || status == 403) {
            String advice =
                    settings.hubToken() == null
                            ? "; if it is private or gated, set HF_TOKEN; if not, check its name"
                            : "; HF_TOKEN gives no access: ask for it on the hub, or check the"
                                    + " name";
            return new SourceException(SourceFault.UNAUTHORIZED, ref + ": " + answer + advice);
        }
        if (status == 404) {
            return new SourceException(
                    SourceFault.NOT_FOUND,
                    ref + ": " + answer + "; check the names of repository and revision");
        }
        return new SourceException(SourceFault.NOT_ALLOWED, ref + ": " + answer);
    }

    private static Duration retryAfter(HttpResponse<?> response) {
        String seconds = response.headers().firstValue("retry-after").orElse("");
        return seconds.matches("\\d{1,6}") ? Duration.ofSeconds(Long.parseLong(seconds)) : NO_WAIT;
    }

    private static String encode(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
