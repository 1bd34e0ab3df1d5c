package dev.weft.gateway.forward.request;

import dev.weft.access.holder.HeldKey;
import dev.weft.access.holder.Holder;
import dev.weft.gateway.body.ChatOpening;
import dev.weft.gateway.body.RequestHead;
import dev.weft.gateway.routing.name.Caller;
import dev.weft.gateway.routing.name.Chat;
import dev.weft.protocol.error.AnthropicErrors;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;

/**
 * Reads who asks, and the key by which a version of an alias is chosen: the session if the client
 * names one, else the user, else the request alone, whose choice its chat keeps. The request's id
 * goes back to the client, so that it can get the same choice again by sending the id again.
 */
public final class CallerReader {
    public static final String REQUEST_ID = "x-request-id";

    /** The header that clients of Anthropic's API read. */
    static final String MESSAGES_REQUEST_ID = "request-id";

    static final String SESSION_ID = "x-session-id";

    private static final Pattern ID = Pattern.compile("[\\x21-\\x7e]{1,128}");

    private CallerReader() {}

    /** Gives the request an id if it has none, and puts it into the answer's head. */
    public static Caller read(
            ServerWebExchange exchange, Holder holder, String tenant, RequestHead head) {
        HttpHeaders headers = exchange.getRequest().getHeaders();
        String sent = id(headers, REQUEST_ID);
        String request = sent == null ? UUID.randomUUID().toString() : sent;
        HttpHeaders answer = exchange.getResponse().getHeaders();
        answer.set(REQUEST_ID, request);
        if (AnthropicErrors.areFor(exchange.getRequest().getPath().value())) {
            answer.set(MESSAGES_REQUEST_ID, request);
        }
        String session = id(headers, SESSION_ID);
        if (session != null) {
            return new Caller(tenant, "session " + session);
        }
        return head.user() == null
                ? new Caller(tenant, "request " + request, chat(holder, tenant, head))
                : new Caller(tenant, "user " + head.user());
    }

    private static @Nullable Chat chat(Holder holder, String tenant, RequestHead head) {
        ChatOpening opening = head.opening();
        if (opening == null) {
            return null;
        }
        HeldKey key = holder.key();
        int whose = Objects.hash(tenant, key == null ? 0 : key.id(), head.model());
        return new Chat(opening.hash() * 31 + whose, opening.answered());
    }

    private static @Nullable String id(HttpHeaders headers, String name) {
        String value = headers.getFirst(name);
        return value != null && ID.matcher(value).matches() ? value : null;
    }
}
