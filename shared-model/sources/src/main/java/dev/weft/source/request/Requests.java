package dev.weft.source.request;

import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.source.fetch.FetchAttempts;
import dev.weft.source.fetch.SourceException;
import dev.weft.source.fetch.SourceFault;
import dev.weft.source.http.AddressRefusedException;
import dev.weft.source.http.GuardedHttp;
import dev.weft.source.http.HttpAnswer;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sends the requests of one fetch and follows their redirects. It sorts answers into those that may
 * change (an IOException) and those that will not (a SourceException). Each redirect's address is
 * checked like the first one. One thread.
 */
public final class Requests {
    private static final Pattern WINDOW = Pattern.compile(";\\s*t=(\\d{1,6})(?!\\d)");
    private static final int MOST_REDIRECTS = 5;

    private final GuardedHttp http;
    private final RepositoryRef ref;
    private final FetchAttempts attempts;
    private final Headers headers;
    private final String advice;

    /** Headers for an address; a credential goes to its own host only. */
    public interface Headers {
        Map<String, String> of(URI uri) throws SourceException;
    }

    /**
     * @param advice what to do if access is refused
     */
    public Requests(
            GuardedHttp http,
            RepositoryRef ref,
            FetchAttempts attempts,
            Headers headers,
            String advice) {
        this.http = http;
        this.ref = ref;
        this.attempts = attempts;
        this.headers = headers;
        this.advice = advice;
    }

    /**
     * Sends a request and follows redirects.
     *
     * @param more headers besides the usual ones
     * @param each is called for every answer, redirects too, before its body is read
     * @return an answer with status 200, 206, 304 or 416; close it
     */
    public HttpAnswer get(URI first, Map<String, String> more, Consumer<HttpAnswer> each)
            throws IOException, SourceException {
        URI uri = first;
        for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
            HttpAnswer answer = send(uri, more);
            each.accept(answer);
            switch (answer.status()) {
                case 200, 206, 304, 416 -> {
                    return answer;
                }
                default -> {
                    answer.close();
                    String location = answer.header("location").orElse("");
                    if (answer.status() / 100 != 3 || location.isEmpty()) {
                        throw refused(answer);
                    }
                    uri = redirect(uri, location);
                }
            }
        }
        throw new SourceException(
                SourceFault.NOT_ALLOWED, ref + ": more than " + MOST_REDIRECTS + " redirects");
    }

    private HttpAnswer send(URI uri, Map<String, String> more) throws IOException, SourceException {
        Map<String, String> all = new java.util.HashMap<>(headers.of(uri));
        all.putAll(more);
        try {
            return http.get(uri, all, Duration.ofNanos(Math.max(0, attempts.nanosLeft())));
        } catch (AddressRefusedException e) {
            throw new SourceException(SourceFault.NOT_ALLOWED, ref + ": " + e.getMessage(), e);
        }
    }

    private URI redirect(URI from, String location) throws SourceException {
        try {
            URI to = from.resolve(new URI(location));
            boolean http = "https".equals(to.getScheme()) || "http".equals(to.getScheme());
            boolean weaker = "https".equals(from.getScheme()) && !"https".equals(to.getScheme());
            if (http && !weaker && to.getHost() != null && to.getUserInfo() == null) {
                return to;
            }
        } catch (URISyntaxException e) {
            throw new SourceException(
                    SourceFault.NOT_ALLOWED,
                    ref + ": redirect to no address: " + shown(location),
                    e);
        }
        throw new SourceException(
                SourceFault.NOT_ALLOWED,
                ref
                        + ": redirect from "
                        + shown(from)
                        + " to "
                        + shown(location)
                        + " is not followed");
    }

    private SourceException refused(HttpAnswer answer) throws IOException {
        int status = answer.status();
        String said = answer.header("x-error-message").orElse("");
        String words =
                shown(answer.uri())
                        + " answers "
                        + status
                        + (said.isEmpty() ? "" : " (" + said + ")");
        if (status == 429 || status == 408 || status >= 500) {
            throw new FetchAttempts.BusyException(words, retryAfter(answer));
        }
        if (status == 401 || status == 403) {
            return new SourceException(SourceFault.UNAUTHORIZED, ref + ": " + words + advice);
        }
        if (status == 404 || status == 410) {
            return new SourceException(
                    SourceFault.NOT_FOUND,
                    ref + ": " + words + "; check the names of repository and revision");
        }
        return new SourceException(SourceFault.NOT_ALLOWED, ref + ": " + words);
    }

    /** The address without the query, which may hold a signature. */
    public static String shown(URI uri) {
        return shown(uri.toString());
    }

    private static String shown(String address) {
        int query = address.indexOf('?');
        return query < 0 ? address : address.substring(0, query) + "?...";
    }

    /**
     * The time after which to ask again. A hub whose limit is exceeded says when its window ends,
     * in the words of the IETF's draft of {@code RateLimit}: {@code "api";r=0;t=55}.
     */
    private static Duration retryAfter(HttpAnswer answer) {
        String seconds = answer.header("retry-after").orElse("");
        if (seconds.matches("\\d{1,6}")) {
            return Duration.ofSeconds(Long.parseLong(seconds));
        }
        Matcher window = WINDOW.matcher(answer.header("ratelimit").orElse(""));
        return answer.status() == 429 && window.find()
                ? Duration.ofSeconds(Long.parseLong(window.group(1)) + 1)
                : Duration.ZERO;
    }
}
