package dev.weft.gateway;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetConnectedException;

/**
 * Reports a lost connection as an {@link java.io.IOException}. If the kernel answers a read with
 * ENOTCONN, Netty throws {@link NotYetConnectedException}, which isn't one. Reactor Netty then
 * would not ask again on another connection, as it does while nothing was sent, and the gateway
 * would take the loss for a fault of its own.
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
