package dev.weft.access.holder;

import dev.weft.access.refusal.Refusal;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * The condition under which a request needs no token at a service that listens on loopback: a
 * program of this machine sent it, and not a page in this machine's browser. Such a page reaches
 * loopback as well, by a form, by a script, or by a name of its own that its owner has lead to
 * 127.0.0.1. It can't hide its origin or the name it used, and can't send JSON without asking
 * first. Any thread.
 */
final class LocalRule {
    private static final Pattern LOOPBACK =
            Pattern.compile(
                    "(localhost|[a-z0-9-]{1,63}\\.localhost|127(\\.[0-9]{1,3}){3}|\\[::1])(:[0-9]{1,5})?");
    private static final List<HttpMethod> READING =
            List.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    private LocalRule() {}

    /**
     * The objection to a request; empty for one of this machine's programs.
     *
     * @param typed a body must say that it is JSON
     */
    static Optional<Refusal> objection(ServerHttpRequest request, boolean typed) {
        if (!isLoopback(ConnectionEnds.here(request))
                || !isLoopback(ConnectionEnds.there(request))) {
            return refuse("a token is needed from another machine");
        }
        HttpHeaders headers = request.getHeaders();
        List<String> hosts = headers.getOrEmpty(HttpHeaders.HOST);
        String host = hosts.size() == 1 ? hosts.getFirst().toLowerCase(Locale.ROOT) : "";
        if (!LOOPBACK.matcher(host).matches()) {
            return refuse(
                    "Host '%s' is not allowed without a token; allowed: localhost, 127.0.0.1, [::1]"
                            .formatted(String.join(", ", hosts)));
        }
        for (String origin : headers.getOrEmpty(HttpHeaders.ORIGIN)) {
            if (!host.equals(authority(origin))) {
                return refuse(
                        "Origin '%s' is not allowed without a token; allowed: http://%s"
                                .formatted(origin, host));
            }
        }
        String site = headers.getFirst("Sec-Fetch-Site");
        if (site != null && !List.of("same-origin", "none").contains(site)) {
            return refuse(
                    "Sec-Fetch-Site '%s' is not allowed without a token; allowed: same-origin, none"
                            .formatted(site));
        }
        return typed ? body(request) : Optional.empty();
    }

    private static Optional<Refusal> body(ServerHttpRequest request) {
        HttpHeaders headers = request.getHeaders();
        boolean empty =
                headers.getContentLength() <= 0
                        && !headers.containsHeader(HttpHeaders.TRANSFER_ENCODING);
        if (READING.contains(request.getMethod()) || empty) {
            return Optional.empty();
        }
        String type = headers.getFirst(HttpHeaders.CONTENT_TYPE);
        return isJson(type)
                ? Optional.empty()
                : Optional.of(
                        new Refusal(
                                Refusal.Kind.CONTENT_TYPE,
                                (type == null
                                                ? "A body without Content-Type"
                                                : "Content-Type '" + type + "'")
                                        + " is not allowed; allowed: application/json"));
    }

    private static boolean isJson(@Nullable String type) {
        if (type == null) {
            return false;
        }
        try {
            MediaType sent = MediaType.parseMediaType(type);
            return sent.getType().equals("application")
                    && (sent.getSubtype().equals("json") || sent.getSubtype().endsWith("+json"));
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private static boolean isLoopback(@Nullable InetSocketAddress address) {
        return address != null
                && address.getAddress() != null
                && address.getAddress().isLoopbackAddress();
    }

    private static @Nullable String authority(String origin) {
        try {
            String authority = URI.create(origin).getAuthority();
            return authority == null ? null : authority.toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    private static Optional<Refusal> refuse(String why) {
        return Optional.of(Refusal.notAllowed(why));
    }
}
