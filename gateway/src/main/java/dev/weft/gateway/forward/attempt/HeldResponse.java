package dev.weft.gateway.forward.attempt;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ChannelSendOperator;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import reactor.core.publisher.Mono;

/**
 * The response of an attempt that runs beside another one. It holds the answer's head back until
 * the body's first byte, which only one of the two attempts sends. For one attempt.
 */
final class HeldResponse extends ServerHttpResponseDecorator {
    private final HttpHeaders held = new HttpHeaders();
    private @Nullable HttpStatusCode status;
    private boolean released;

    HeldResponse(ServerHttpResponse client) {
        super(client);
    }

    @Override
    public Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
        return new ChannelSendOperator<>(
                body,
                begun -> {
                    release();
                    return getDelegate().writeWith(begun);
                });
    }

    @Override
    public Mono<Void> writeAndFlushWith(Publisher<? extends Publisher<? extends DataBuffer>> body) {
        throw new IllegalStateException("an answer is written with writeWith");
    }

    @Override
    public Mono<Void> setComplete() {
        return Mono.defer(() -> {
            release();
            return getDelegate().setComplete();
        });
    }

    private void release() {
        if (!released) {
            released = true;
            getDelegate().getHeaders().addAll(held);
            getDelegate().setStatusCode(status);
        }
    }

    @Override
    public HttpHeaders getHeaders() {
        return released ? getDelegate().getHeaders() : held;
    }

    @Override
    public boolean setStatusCode(@Nullable HttpStatusCode now) {
        status = now;
        return !released || getDelegate().setStatusCode(now);
    }

    @Override
    public @Nullable HttpStatusCode getStatusCode() {
        return released ? getDelegate().getStatusCode() : status;
    }

    @Override
    public boolean isCommitted() {
        return released && getDelegate().isCommitted();
    }
}
