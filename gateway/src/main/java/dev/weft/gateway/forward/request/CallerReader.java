package dev.weft.gateway.forward.request;

import dev.weft.gateway.body.RequestHead;
import dev.weft.gateway.routing.name.Caller;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;

/**
 * Reads who asks, and the key by which a version of an alias is chosen: the session if the client
 * names one, else the user, else the request alone. The request's id goes back to the client, so
 * that it can get the same choice again by sending the id again.
 */
public final class CallerReader {
    public static final String REQUEST_ID = "x-request-id";
    static final String SESSION_ID = "x-session-id";

    private static final Pattern ID = Pattern.compile("[\\x21-\\x7e]{1,128}");

    private CallerReader() {}

    /** Gives the request an id if it has none, and puts it into the answer's head. */
    public static Caller read(ServerWebExchange exchange, String tenant, RequestHead head) {
        HttpHeaders headers = exchange.getRequest().getHeaders();
        String sent = id(headers, REQUEST_ID);
        String request = sent == null ? UUID.randomUUID().toString() : sent;
        exchange.getResponse().getHeaders().set(REQUEST_ID, request);
        return new Caller(tenant, key(headers, head, request));
    }

    private static String key(HttpHeaders headers, RequestHead head, String request) {
        String session = id(headers, SESSION_ID);
        if (session != null) {
            return "session " + session;
        }
        return head.user() == null ? "request " + request : "user " + head.user();
    }

    private static @Nullable String id(HttpHeaders headers, String name) {
        String value = headers.getFirst(name);
        return value != null && ID.matcher(value).matches() ? value : null;
    }
}
