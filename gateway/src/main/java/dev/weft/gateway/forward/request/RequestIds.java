package dev.weft.gateway.forward.request;

import dev.weft.protocol.error.AnthropicErrors;
import dev.weft.protocol.error.RequestId;
import java.util.UUID;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;

/**
 * Ids of requests. The id goes back to the client, which can get the same version of an alias again
 * by sending it again.
 */
public final class RequestIds {
    private static final String ID = RequestIds.class.getName();

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
        String sent = RequestId.sent(exchange.getRequest().getHeaders().getFirst(RequestId.HEADER));
        String id = sent == null ? UUID.randomUUID().toString() : sent;
        exchange.getAttributes().put(ID, id);
        HttpHeaders answer = exchange.getResponse().getHeaders();
        answer.set(RequestId.HEADER, id);
        if (AnthropicErrors.areFor(exchange.getRequest().getPath().value())) {
            answer.set(AnthropicErrors.REQUEST_ID, id);
        }
        return id;
    }
}
