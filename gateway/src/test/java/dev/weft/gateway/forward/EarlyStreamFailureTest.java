package dev.weft.gateway.forward;

import static dev.weft.gateway.Gateways.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.gateway.measure.RequestMetrics;
import dev.weft.gateway.measure.Tally;
import dev.weft.gateway.routing.name.KnownBases;
import dev.weft.gateway.trace.RequestTrace;
import dev.weft.protocol.adapter.ServedBases;
import dev.weft.protocol.error.ErrorCode;
import dev.weft.protocol.feed.CatalogView;
import dev.weft.protocol.usage.Operation;
import dev.weft.service.settings.MetricsSettings;
import dev.weft.settings.bind.TestSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpCookie;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.AbstractServerHttpRequest;
import org.springframework.http.server.reactive.SslInfo;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Checks what a failure means once a stream has begun before its answer. */
class EarlyStreamFailureTest {
    private final MockServerWebExchange exchange =
            MockServerWebExchange.from(MockServerHttpRequest.post("/v1/chat/completions"));
    private final ServerWebExchange local =
            exchange.mutate().request(new WithoutConnection()).build();
    private final Sinks.Empty<Void> waits = Sinks.empty();

    /** A request whose stream has no event loop of a client. */
    private static final class WithoutConnection extends AbstractServerHttpRequest {
        WithoutConnection() {
            super(HttpMethod.POST, URI.create("/v1/chat/completions"), null, new HttpHeaders());
        }

        @Override
        protected MultiValueMap<String, HttpCookie> initCookies() {
            return new LinkedMultiValueMap<>();
        }

        @Override
        protected @Nullable SslInfo initSslInfo() {
            return null;
        }

        @Override
        @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // as it is declared
        public <T> T getNativeRequest() {
            return (T) this;
        }

        @Override
        public Flux<DataBuffer> getBody() {
            return Flux.empty();
        }
    }

    private CompletableFuture<@Nullable Void> fails(Throwable failure) throws Exception {
        RequestMetrics metrics =
                new RequestMetrics(
                        new SimpleMeterRegistry(),
                        new KnownBases(ServedBases.of("base"), new CatalogView()),
                        new CatalogView(),
                        TestSettings.of().get(MetricsSettings.class));
        Tally tally = new Tally(metrics, Operation.CHAT, RequestTrace.NONE);
        CompletableFuture<@Nullable Void> end =
                new EarlyStream(local, Duration.ofMillis(1), tally)
                        .run(local, _ -> waits.asMono().then(Mono.error(failure)))
                        .toFuture();
        await(() -> exchange.getResponse().isCommitted());
        waits.tryEmitEmpty();
        return end;
    }

    @Test
    void aFaultOfTheGatewayBecomesAnEvent() throws Exception {
        fails(new IllegalStateException("hush")).get(1, TimeUnit.MINUTES);
        assertThat(exchange.getResponse().getBodyAsString().block())
                .contains("event: error", "\"" + ErrorCode.INTERNAL.code() + "\"")
                .doesNotContain("hush");
    }

    @Test
    void aLostConnectionIsTheClientsAndNoFault() throws Exception {
        CompletableFuture<@Nullable Void> end = fails(new IOException("gone"));
        assertThatThrownBy(() -> end.get(1, TimeUnit.MINUTES))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(IOException.class);
    }
}
