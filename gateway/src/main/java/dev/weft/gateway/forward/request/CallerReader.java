package dev.weft.gateway.forward.request;

import dev.weft.access.holder.HeldKey;
import dev.weft.access.holder.Holder;
import dev.weft.gateway.body.ChatOpening;
import dev.weft.gateway.body.RequestHead;
import dev.weft.gateway.routing.name.Caller;
import dev.weft.gateway.routing.name.Chat;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;

/**
 * Reads who asks, and the key by which a version of an alias is chosen: the session if the client
 * names one, else the user, else the request's id. In the last case the chat keeps the choice. The
 * key is only hashed, so a session may have any form.
 */
public final class CallerReader {
    static final String SESSION_ID = "x-session-id";

    private CallerReader() {}

    /** Reads a request's caller. */
    public static Caller read(
            ServerWebExchange exchange, Holder holder, String tenant, RequestHead head) {
        HttpHeaders headers = exchange.getRequest().getHeaders();
        String request = RequestIds.of(exchange);
        String session = headers.getFirst(SESSION_ID);
        if (session != null && !session.isBlank()) {
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
}
