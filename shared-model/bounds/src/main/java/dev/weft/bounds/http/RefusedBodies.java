package dev.weft.bounds.http;

import io.netty.buffer.ByteBufHolder;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderResultProvider;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Handles a request's body that still arrives after the answer is over. The body is read and
 * dropped up to a bound, in bytes and in time, so that a client that sends before it reads gets the
 * answer. If a connection is closed with bytes unread, the kernel resets it, and the client loses
 * the answer. If a request is no HTTP, whatever follows it is dropped in the same way, but only for
 * a moment: the codec can't tell where it ends. The handler stands behind the HTTP/1.1 codec of one
 * connection; its event loop is the only thread.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the promise of a write or close reports its result
public final class RefusedBodies extends ChannelDuplexHandler {
    /** Bodies with up to that many further bytes are dropped; a larger one loses its answer. */
    public static final long MOST_BYTES = 256L << 20;

    /** The longest time that a connection is kept for the rest of a body. */
    public static final Duration LONGEST = Duration.ofSeconds(30);

    /** The time that a connection is kept after the answer to a request that is no HTTP. */
    public static final Duration AFTER_UNREADABLE = Duration.ofSeconds(1);

    private final long mostBytes;
    private final Duration longest;

    /** The request's body is not over. */
    private boolean reading;

    /** The codec could not read what came, and drops what follows. */
    private boolean unreadable;

    /** The client waits for permission to send, and has had none. */
    private boolean expecting;

    private boolean answered;
    private long dropped;
    private @Nullable ChannelPromise closing;
    private @Nullable Future<?> end;

    RefusedBodies() {
        this(MOST_BYTES, LONGEST);
    }

    /**
     * Makes a connection drop the bodies of refused requests.
     *
     * @param codec name of the handler that reads HTTP/1.1
     */
    public static void addAfter(String codec, Channel connection) {
        connection.pipeline().addAfter(codec, "refused-bodies", new RefusedBodies());
    }

    RefusedBodies(long mostBytes, Duration longest) {
        this.mostBytes = mostBytes;
        this.longest = longest;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest request) {
            reading = true;
            answered = false;
            dropped = 0;
            expecting = HttpUtil.is100ContinueExpected(request);
        }
        boolean last = message instanceof LastHttpContent;
        if (answered && message instanceof ByteBufHolder content) {
            dropped += content.content().readableBytes();
        }
        if (isUnreadable(message)) {
            unreadable = true;
            reading = true;
            if (answered) {
                endAfter(context, AFTER_UNREADABLE);
            }
        } else if (last) {
            reading = false;
        }
        if (closing == null) {
            context.fireChannelRead(message);
        } else {
            ReferenceCountUtil.release(message);
        }
        if (answered && !unreadable && (last || dropped > mostBytes)) {
            over(context, !last);
        }
    }

    private static boolean isUnreadable(Object message) {
        return message instanceof DecoderResultProvider part && part.decoderResult().isFailure();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        context.fireChannelReadComplete();
        if (closing != null) {
            context.read();
        }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof HttpResponse response) {
            if (response.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
                expecting = false;
                context.write(message, promise);
                return;
            }
            if (expecting && reading) {
                // the client may now send the body or not: nothing else can follow
                response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
                promise.unvoid();
            }
        }
        boolean unread = message instanceof LastHttpContent && reading;
        context.write(message, promise);
        if (unread) {
            answered(context, promise);
        }
    }

    private void answered(ChannelHandlerContext context, ChannelPromise written) {
        answered = true;
        endAfter(context, unreadable ? AFTER_UNREADABLE : longest);
        if (expecting) {
            written.addListener(
                    (ChannelFutureListener) future -> close(context, context.newPromise()));
        }
    }

    private void endAfter(ChannelHandlerContext context, Duration time) {
        if (end != null) {
            end.cancel(false);
        }
        end =
                context.executor()
                        .schedule(
                                () -> over(context, true), time.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Waits for the rest of a body. */
    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        if (reading && answered && end != null && closing == null && context.channel().isActive()) {
            closing = promise;
            context.read();
        } else {
            context.close(promise);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        over(context, false);
        context.fireChannelInactive();
    }

    private void over(ChannelHandlerContext context, boolean cutOff) {
        if (end != null) {
            end.cancel(false);
            end = null;
        }
        answered = false;
        ChannelPromise wanted = closing;
        closing = null;
        if (wanted != null) {
            context.close(wanted);
        } else if (cutOff) {
            context.close();
        }
    }
}
