package dev.weft.bounds.http;

import io.netty.buffer.ByteBufHolder;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Hands the requests of a connection on one by one: one that is sent before the answer to the
 * earlier one is over waits here. Reactor Netty would take {@code Connection: close} of a later
 * request for the earlier one's, after which it answers none, and would keep all that is sent ahead
 * in memory. Here the connection is not read while more than {@link #MOST_BYTES} wait. The handler
 * stands behind the HTTP/1.1 codec of one connection; its event loop is the only thread.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the promise of a write reports its result
public final class PipelinedRequests extends ChannelDuplexHandler {
    /** Bytes that wait, but for what one read of the connection brings. */
    static final long MOST_BYTES = 64 << 10;

    /** What a message takes besides its content, roughly. */
    private static final long BYTES_OF_A_MESSAGE = 512;

    private final Deque<Object> waiting = new ArrayDeque<>();
    private long bytes;

    /** A request was handed on whose answer is not over. */
    private boolean busy;

    /** The answer that is being written only says that another one comes. */
    private boolean informational;

    /** A read was asked for while too much waits. */
    private boolean thirsty;

    /**
     * Has the requests of a connection wait for each other.
     *
     * @param codec name of the handler that reads HTTP/1.1
     */
    public static void addAfter(String codec, Channel connection) {
        connection.pipeline().addAfter(codec, "pipelined-requests", new PipelinedRequests());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (waiting.isEmpty() && !(busy && message instanceof HttpRequest)) {
            handOn(context, message);
        } else {
            waiting.add(message);
            bytes += bytes(message);
        }
    }

    private void handOn(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest) {
            busy = true;
        }
        context.fireChannelRead(message);
    }

    private static long bytes(Object message) {
        return BYTES_OF_A_MESSAGE
                + (message instanceof ByteBufHolder content
                        ? content.content().readableBytes()
                        : 0);
    }

    @Override
    public void read(ChannelHandlerContext context) {
        if (bytes > MOST_BYTES) {
            thirsty = true;
        } else {
            context.read();
        }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof HttpResponse response) {
            informational = response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
        }
        if (message instanceof LastHttpContent && !informational) {
            context.write(message, promise.unvoid())
                    .addListener((ChannelFutureListener) _ -> answered(context));
        } else {
            context.write(message, promise);
        }
    }

    /** Who wrote the answer hears of its end in this turn of the loop, and is done in the next. */
    private void answered(ChannelHandlerContext context) {
        busy = false;
        if (!waiting.isEmpty()) {
            context.executor().execute(() -> next(context));
        }
    }

    /** Hands on what waits, up to the request after the next one. */
    private void next(ChannelHandlerContext context) {
        boolean begun = busy;
        while (!waiting.isEmpty() && !(begun && waiting.peek() instanceof HttpRequest)) {
            Object message = waiting.remove();
            bytes -= bytes(message);
            begun = true;
            handOn(context, message);
        }
        if (thirsty && bytes <= MOST_BYTES) {
            thirsty = false;
            context.read();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        drop();
        context.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        drop();
    }

    private void drop() {
        waiting.forEach(ReferenceCountUtil::release);
        waiting.clear();
        bytes = 0;
    }
}
