package dev.weft.gateway.forward.attempt;

import dev.weft.gateway.forward.request.Request;
import dev.weft.gateway.forward.request.RequestIds;
import dev.weft.gateway.routing.name.Target;
import dev.weft.gateway.trace.AttemptTrace;
import dev.weft.protocol.error.AnthropicErrors;
import dev.weft.protocol.error.RequestId;
import dev.weft.protocol.usage.AnswerNotes;
import dev.weft.protocol.worker.RequestHeaders;
import dev.weft.protocol.worker.TimeLeft;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;

/**
 * A client's request as the worker gets it. Its body is the same. The gateway adds headers: {@code
 * weft-tenant} names the tenant; {@code weft-adapter} gives the digest if an adapter was named; one
 * asks for {@link AnswerNotes} if answers are counted; {@link TimeLeft} says how long the request
 * may take if that is bounded. On paths whose errors name the request, its id goes along, so that a
 * worker's errors name it as well.
 *
 * <p>Some of the client's headers are dropped. Only the gateway may send {@code weft-} headers.
 * Headers that say who the client is, or which page sent it here, are between the client and us.
 * Those of its connection go no further, with all that {@code Connection} names (RFC 9110, 7.6.1):
 * Spring Cloud Gateway removes what that header names from the request that goes on, so a client
 * could name our own headers there.
 */
final class WorkerRequest extends ServerHttpRequestDecorator {
    private static final String FAMILY = "weft-";
    private static final String BROWSER = "sec-";

    /** The headers of a proxy before the gateway, or of a client that pretends to be one. */
    private static final String PROXY = "x-forwarded-";

    /**
     * Headers that a worker does not get, in upper or lower case. {@code expect} is one: the worker
     * need not be asked whether it wants the body, which is here as a whole.
     */
    private static final Set<String> OURS_ALONE = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

    static {
        OURS_ALONE.addAll(
                List.of(
                        "authorization",
                        "proxy-authorization",
                        "cookie",
                        "api-key",
                        "x-api-key",
                        "origin",
                        "referer",
                        "expect",
                        "connection",
                        "forwarded",
                        "keep-alive",
                        "proxy-connection",
                        "te",
                        "trailer",
                        "transfer-encoding",
                        "upgrade"));
    }

    private final byte[] body;
    private final DataBufferFactory buffers;
    private final HttpHeaders headers;

    /**
     * @param token of this gateway, for workers that ask for one; null for none
     */
    WorkerRequest(
            ServerWebExchange exchange,
            Request request,
            @Nullable String token,
            AttemptTrace trace) {
        super(exchange.getRequest());
        this.body = request.body();
        this.buffers = exchange.getResponse().bufferFactory();
        this.headers = headers(exchange.getRequest().getHeaders(), body.length, request.target());
        headers.set(RequestHeaders.TENANT, request.tenant());
        if (token != null) {
            headers.setBearerAuth(token);
        }
        request.time().left().ifPresent(left -> headers.set(TimeLeft.HEADER, TimeLeft.text(left)));
        if (request.tally().counts()) {
            headers.set(AnswerNotes.ASK, AnswerNotes.ASKED);
        }
        if (AnthropicErrors.areFor(exchange.getRequest().getPath().value())) {
            headers.set(RequestId.HEADER, RequestIds.of(exchange));
        }
        trace.headers(headers::set);
    }

    @Override
    public HttpHeaders getHeaders() {
        return headers;
    }

    /** May be subscribed once for each attempt. */
    @Override
    public Flux<DataBuffer> getBody() {
        return Flux.defer(() -> Flux.just(buffers.wrap(body)));
    }

    private static HttpHeaders headers(HttpHeaders from, int length, Target target) {
        HttpHeaders headers = new HttpHeaders();
        from.forEach((name, values) -> {
            boolean ours = begins(name, FAMILY) || OURS_ALONE.contains(name);
            if (!ours && !begins(name, BROWSER) && !begins(name, PROXY)) {
                headers.put(name, values);
            }
        });
        from.getConnection().forEach(headers::remove);
        headers.setContentLength(length);
        if (target instanceof Target.Adapter adapter) {
            headers.set(RequestHeaders.ADAPTER, adapter.version().digest().toString());
        }
        return headers;
    }

    private static boolean begins(String name, String lower) {
        return name.regionMatches(true, 0, lower, 0, lower.length());
    }
}
