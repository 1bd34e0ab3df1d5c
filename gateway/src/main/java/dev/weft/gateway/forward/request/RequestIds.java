package dev.weft.gateway.forward.request;

import dev.weft.protocol.error.AnthropicErrors;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;

/**
 * Ids of requests. The id goes back to the client, which can get the same version of an alias again
 * by sending it again.
 */
public final class RequestIds {
    /** The header of requests and answers. */
    public static final String HEADER = "x-request-id";

    private static final String ID = RequestIds.class.getName();
    private static final Pattern FORM = Pattern.compile("[\\x21-\\x7e]{1,128}");

    private RequestIds() {}

    /**
     * The id of an exchange's request: the one that its client sent, or one that is made up. The
     * first call puts it into the answer's head.
     */
    public static String of(ServerWebExchange exchange) {
        String known = exchange.getAttribute(ID);
        if (known != null) {
            return known;
        }
        String sent = sent(exchange.getRequest().getHeaders(), HEADER);
        String id = sent == null ? UUID.randomUUID().toString() : sent;
        exchange.getAttributes().put(ID, id);
        HttpHeaders answer = exchange.getResponse().getHeaders();
        answer.set(HEADER, id);
        if (AnthropicErrors.areFor(exchange.getRequest().getPath().value())) {
            answer.set(AnthropicErrors.REQUEST_ID, id);
        }
        return id;
    }

    /** An id that a client sent; null if there is none that could be one. */
    static @Nullable String sent(HttpHeaders headers, String name) {
        String value = headers.getFirst(name);
        return value != null && FORM.matcher(value).matches() ? value : null;
    }
}
