package dev.weft.gateway.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.weft.gateway.Gateways;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.netty.ChannelBindException;
import reactor.netty.DisposableServer;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.ConnectionProvider;

class ForgottenWorkersTest {
    private final AtomicInteger open = new AtomicInteger();

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void theConnectionsOfAForgottenWorkerAreClosed(String host) throws Exception {
        DisposableServer server = worker(host);
        ConnectionProvider pools = ConnectionProvider.create("workers", 2);
        try {
            HttpClient client = HttpClient.create(pools);
            URI address = URI.create("http://" + literal(host) + ":" + server.port());
            assertThat(client.get().uri(address).responseContent().aggregate().asString().block())
                    .isEqualTo("x");
            assertThat(open).hasValue(1);
            new ForgottenWorkers(client).left(address);
            Gateways.await(() -> open.get() == 0);
        } finally {
            pools.dispose();
            server.disposeNow();
        }
    }

    private static String literal(String host) {
        return host.contains(":") ? "[" + host + "]" : host;
    }

    private DisposableServer worker(String host) {
        try {
            return HttpServer.create()
                    .host(host)
                    .port(0)
                    .doOnConnection(connection -> {
                        open.incrementAndGet();
                        connection.onDispose(open::decrementAndGet);
                    })
                    .handle((_, response) -> response.sendString(Mono.just("x")))
                    .bindNow();
        } catch (ChannelBindException e) {
            return abort("this machine has no address " + host);
        }
    }
}
