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
 * Hands the requests of a connection on one by one: a request that arrives before the earlier one
 * is answered waits here. Reactor Netty would keep all requests that are sent ahead in memory; here
 * the connection is not read while more than {@link #MOST_BYTES} wait.
 *
 * <p>If a request says that it is the connection's last, this is hidden from Reactor Netty. While
 * Reactor Netty ends the earlier answer, it would take the earlier request for the last, and answer
 * none after it. The connection is closed here, behind the last request's answer.
 *
 * <p>The handler stands behind the HTTP/1.1 codec of one connection; its event loop is the only
 * thread.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the promise of a write reports its result
public final class PipelinedRequests extends ChannelDuplexHandler {
    /** The most bytes that wait; one read of the connection may bring more. */
    static final long MOST_BYTES = 64 << 10;

    /** The most unanswered requests that the codec reads; it fails at a further one. */
    static final int MOST_REQUESTS = 128;

    /** Bytes that a message takes besides its content, roughly. */
    private static final long BYTES_OF_A_MESSAGE = 512;

    private final Deque<Object> waiting = new ArrayDeque<>();
    private long bytes;

    /** Requests that wait. */
    private int requests;

    /** True while the answer to the request that was handed on is not over. */
    private boolean busy;

    /** True if the answer that is being written is informational: another one comes. */
    private boolean informational;

    /** True if the request that was read last says that no other follows it. */
    private boolean last;

    /** True if no request follows any more: whatever still arrives is dropped. */
    private boolean over;

    /** True if whoever wrote the answer expects the connection to stay open. */
    private boolean open;

    /** True if a read was asked for while too much waits. */
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

    /**
     * The writer of the answer hears of its end in this turn of the event loop, and is ready for
     * the next request in the next turn.
     */
    private void answered(ChannelHandlerContext context) {
        busy = false;
        if (isLast()) {
            end(context);
        } else if (!waiting.isEmpty()) {
            context.executor().execute(() -> next(context));
        }
    }

    /**
     * Closes the connection, unless the writer of the answer said that it ends, and so ends it
     * itself.
     */
    private void end(ChannelHandlerContext context) {
        if (open) {
            // from the pipeline's far end: a handler behind this one may have a body to read first
            context.channel().close();
        }
    }

    /** Hands on the next waiting request and its body, up to the request after it. */
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
