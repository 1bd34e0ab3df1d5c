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
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Hands the requests of a connection on one by one: one that is sent before the answer to the
 * earlier one is over waits here. Reactor Netty would keep all that is sent ahead in memory; here
 * the connection is not read while more than {@link #MOST_BYTES} wait.
 *
 * <p>A request that says that it is the connection's last is not told to Reactor Netty as such: if
 * it is still at the end of the earlier answer, it would take the earlier request for the last, and
 * answer none after it. The connection is closed here, behind the last request's answer.
 *
 * <p>The handler stands behind the HTTP/1.1 codec of one connection; its event loop is the only
 * thread.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the promise of a write reports its result
public final class PipelinedRequests extends ChannelDuplexHandler {
    /** Bytes that wait, but for what one read of the connection brings. */
    static final long MOST_BYTES = 64 << 10;

    /** Requests without an answer that the codec reads; it fails at a further one. */
    static final int MOST_REQUESTS = 128;

    /** What a message takes besides its content, roughly. */
    private static final long BYTES_OF_A_MESSAGE = 512;

    private final Deque<Object> waiting = new ArrayDeque<>();
    private long bytes;

    /** Requests that wait. */
    private int requests;

    /** A request was handed on whose answer is not over. */
    private boolean busy;

    /** The answer that is being written only says that another one comes. */
    private boolean informational;

    /** The request that was read last says that no other follows it. */
    private boolean last;

    /** Nothing that follows is a request. */
    private boolean over;

    /** The answer leaves the connection open, as far as others know. */
    private boolean open;

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
        if (over) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (message instanceof HttpRequest request && !HttpUtil.isKeepAlive(request)) {
            last = true;
            HttpUtil.setKeepAlive(request, true);
        }
        over = last && message instanceof LastHttpContent;
        if (waiting.isEmpty() && !(busy && message instanceof HttpRequest)) {
            handOn(context, message);
        } else {
            waiting.add(message);
            bytes += bytes(message);
            requests += message instanceof HttpRequest ? 1 : 0;
        }
    }

    /** The codec has read too many requests ahead, and closes behind the next answer. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (requests + 1 < MOST_REQUESTS) {
            context.fireExceptionCaught(cause);
            return;
        }
        over = true;
        drop();
    }

    /** Whether the request that was handed on is the connection's last. */
    private boolean isLast() {
        return (last || over) && requests == 0;
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
            open = HttpUtil.isKeepAlive(response);
            if (!informational && isLast()) {
                HttpUtil.setKeepAlive(response, false);
            }
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
        if (isLast()) {
            end(context);
        } else if (!waiting.isEmpty()) {
            context.executor().execute(() -> next(context));
        }
    }

    /** Whoever wrote that the connection ends ends it. */
    private void end(ChannelHandlerContext context) {
        if (open) {
            // from its far end: what is behind this handler may have a body to read first
            context.channel().close();
        }
    }

    /** Hands on what waits, up to the request after the next one. */
    private void next(ChannelHandlerContext context) {
        boolean begun = busy;
        while (!waiting.isEmpty() && !(begun && waiting.peek() instanceof HttpRequest)) {
            Object message = waiting.remove();
            bytes -= bytes(message);
            requests -= message instanceof HttpRequest ? 1 : 0;
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
        requests = 0;
    }
}
