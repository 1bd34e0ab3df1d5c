package dev.weft.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetConnectedException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;

class LostConnectionsTest {
    @Test
    void areToldAsClosedAndOtherFailuresAsTheyAre() {
        EmbeddedChannel channel = new EmbeddedChannel(new LostConnections());
        channel.pipeline().fireExceptionCaught(new NotYetConnectedException());
        assertThatThrownBy(channel::checkException)
                .isInstanceOf(ClosedChannelException.class)
                .hasCauseInstanceOf(NotYetConnectedException.class);

        channel.pipeline().fireExceptionCaught(new IllegalStateException("other"));
        assertThatThrownBy(channel::checkException)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("other");
    }

    @Test
    void areReplacedWhileNothingWasSent() {
        DisposableServer server =
                HttpServer.create()
                        .host("127.0.0.1")
                        .port(0)
                        .handle((_, response) -> response.sendString(Mono.just("answered")))
                        .bindNow();
        AtomicInteger connections = new AtomicInteger();
        HttpClient client =
                new NettyConfiguration()
                        .lostConnections()
                        .customize(HttpClient.newConnection().port(server.port()))
                        .doOnChannelInit((_, channel, _) -> {
                            if (connections.getAndIncrement() == 0) {
                                channel.pipeline().addFirst(new Unconnected());
                            }
                        });
        try {
            String answer =
                    client.get()
                            .uri("http://127.0.0.1:" + server.port() + "/")
                            .responseContent()
                            .aggregate()
                            .asString()
                            .block(Gateways.PATIENCE);
            assertThat(answer).isEqualTo("answered");
            assertThat(connections).hasValue(2);
        } finally {
            server.disposeNow();
        }
    }

    /** A connection whose first read is answered with ENOTCONN. */
    private static final class Unconnected extends ChannelInboundHandlerAdapter {
        @Override
        public void channelActive(ChannelHandlerContext context) {
            context.pipeline().fireExceptionCaught(new NotYetConnectedException());
        }
    }
}
