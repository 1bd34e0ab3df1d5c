package dev.weft.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;

/**
 * Joins the chunks of an answer that came with one read of the connection, so that the rest of the
 * pipeline runs once for all of them. A worker's chunk is an event, a hundred bytes; the busier a
 * gateway is, the more of them a read finds. Nothing waits: the chunks go on when the read is over.
 * The handler stands behind the HTTP/1.1 codec of one connection; its event loop is the only
 * thread.
 */
final class JoinedContent extends ChannelInboundHandlerAdapter {
    /** A larger chunk is passed on as it is. */
    private static final int MOST_COPIED = 4 << 10;

    /** Once more bytes than these are held back, they go on before the read is over. */
    private static final int MOST_HELD = 64 << 10;

    private final List<HttpContent> held = new ArrayList<>();
    private int bytes;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof HttpContent content)
                || message instanceof LastHttpContent
                || content.content().readableBytes() > MOST_COPIED
                || content.decoderResult().isFailure()) {
            passOn(context);
            context.fireChannelRead(message);
            return;
        }
        held.add(content);
        bytes += content.content().readableBytes();
        if (bytes > MOST_HELD) {
            passOn(context);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        passOn(context);
        context.fireChannelReadComplete();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        passOn(context);
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        passOn(context);
        context.fireExceptionCaught(cause);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        held.forEach(ReferenceCountUtil::release);
        held.clear();
    }

    private void passOn(ChannelHandlerContext context) {
        if (held.isEmpty()) {
            return;
        }
        HttpContent all = held.size() == 1 ? held.getFirst() : joined(context);
        held.clear();
        bytes = 0;
        context.fireChannelRead(all);
    }

    private HttpContent joined(ChannelHandlerContext context) {
        ByteBuf all = context.alloc().buffer(bytes);
        for (HttpContent each : held) {
            all.writeBytes(each.content());
            each.release();
        }
        return new DefaultHttpContent(all);
    }
}
