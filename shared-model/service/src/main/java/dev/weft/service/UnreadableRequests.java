package dev.weft.service;

import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorBodies;
import dev.weft.protocol.error.ErrorCode;
import dev.weft.protocol.error.ShouldRetry;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderResultProvider;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/**
 * Refuses, with a body, what the codec can't read as a request; the service does not see it.
 * Reactor Netty would send a status alone, or nothing while it ends an earlier answer. If a
 * request's body became unreadable, the service would take the part that came for the whole, and
 * both would answer. A 400 of Reactor Netty or Spring that has no body gets one, too. The handler
 * stands behind the HTTP/1.1 codec of one connection; its event loop is the only thread.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the promise of a write reports its result
final class UnreadableRequests extends ChannelDuplexHandler {
    /** Path of the request, which decides the form of its errors. */
    private String path = "/";

    private boolean head;

    /** The answer to the request has begun. */
    private boolean begun;

    /** The answer to the request went out from here; the connection is about to end. */
    private boolean refused;

    /**
     * Gives the refusals of a connection their bodies.
     *
     * @param codec name of the handler that reads HTTP/1.1
     */
    static void addAfter(String codec, Channel connection) {
        connection.pipeline().addAfter(codec, "unreadable-requests", new UnreadableRequests());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest request) {
            String target = request.uri();
            int query = target.indexOf('?');
            path = query < 0 ? target : target.substring(0, query);
            head = request.method().equals(HttpMethod.HEAD);
            begun = false;
        }
        if (message instanceof DecoderResultProvider part && part.decoderResult().isFailure()) {
            ReferenceCountUtil.release(message);
            refuse(context, status(part.decoderResult().cause()));
            return;
        }
        context.fireChannelRead(message);
    }

    private static HttpResponseStatus status(Throwable failure) {
        return switch (failure) {
            case TooLongHttpLineException _ -> HttpResponseStatus.REQUEST_URI_TOO_LONG;
            case TooLongHttpHeaderException _ -> HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE;
            default -> HttpResponseStatus.BAD_REQUEST;
        };
    }

    private void refuse(ChannelHandlerContext context, HttpResponseStatus status) {
        refused = true;
        if (begun) {
            context.close();
            return;
        }
        FullHttpResponse answer = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status);
        answer.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        context.writeAndFlush(told(answer, error(status))).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (refused) {
            ReferenceCountUtil.release(message);
            promise.tryFailure(new ClosedChannelException());
            return;
        }
        if (message instanceof HttpResponse response) {
            begun |= response.status().codeClass() != HttpStatusClass.INFORMATIONAL;
        }
        ApiException error = message instanceof FullHttpResponse answer ? refusal(answer) : null;
        context.write(error == null ? message : told((FullHttpResponse) message, error), promise);
    }

    /** The error to tell if the answer is a 400 without a body; null for every other answer. */
    private static @Nullable ApiException refusal(FullHttpResponse answer) {
        if (answer.content().isReadable()
                || answer.headers().contains(HttpHeaderNames.CONTENT_TYPE)) {
            return null;
        }
        return answer.status().equals(HttpResponseStatus.BAD_REQUEST)
                ? error(HttpResponseStatus.BAD_REQUEST)
                : null;
    }

    private static ApiException error(HttpResponseStatus status) {
        if (status.equals(HttpResponseStatus.BAD_REQUEST)) {
            return new ApiException(
                    ErrorCode.INVALID_REQUEST, "The request is not valid HTTP/1.1.");
        }
        return new ApiException(
                ErrorCode.REQUEST_TOO_LARGE,
                status.equals(HttpResponseStatus.REQUEST_URI_TOO_LONG)
                        ? "The first line of the request is too long."
                        : "The headers of the request are too large.");
    }

    private FullHttpResponse told(FullHttpResponse answer, ApiException error) {
        byte[] body = ErrorBodies.of(error, path, null);
        answer.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON)
                .setInt(HttpHeaderNames.CONTENT_LENGTH, body.length);
        ShouldRetry.of(error.code())
                .ifPresent(retry -> answer.headers().set(ShouldRetry.HEADER, retry));
        if (head) {
            return answer;
        }
        FullHttpResponse told = answer.replace(Unpooled.wrappedBuffer(body));
        answer.release();
        return told;
    }
}
