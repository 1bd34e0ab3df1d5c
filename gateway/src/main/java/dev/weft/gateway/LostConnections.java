package dev.weft.gateway;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetConnectedException;

/**
 * Tells of a connection that is gone as such. Where the kernel answers a read with ENOTCONN, Netty
 * throws {@link NotYetConnectedException}, which is no {@link java.io.IOException}: Reactor Netty
 * would not ask again on another connection, as it does while nothing was sent, and the gateway
 * would take it for a fault of its own.
 */
@ChannelHandler.Sharable
final class LostConnections extends ChannelInboundHandlerAdapter {
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.fireExceptionCaught(
                cause instanceof NotYetConnectedException ? lost(cause) : cause);
    }

    private static Throwable lost(Throwable cause) {
        return new ClosedChannelException().initCause(cause);
    }
}
