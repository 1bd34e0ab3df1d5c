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
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/**
 * Gives a body to the answers with which Reactor Netty refuses what it can't read as a request: it
 * sends a status alone, and nothing of the service hears of the request. A request whose body can't
 * be read is answered here: Reactor Netty would do so while the service takes what came for the
 * whole, and answers, too. The handler stands behind the HTTP/1.1 codec of one connection; its
 * event loop is the only thread.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the promise of a write reports its result
final class UnreadableRequests extends ChannelDuplexHandler {
    /** Path of the request, which says what its client expects of errors. */
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
        } else if (message instanceof HttpContent part && part.decoderResult().isFailure()) {
            part.release();
            refuse(context);
            return;
        }
        context.fireChannelRead(message);
    }

    private void refuse(ChannelHandlerContext context) {
        refused = true;
        if (begun) {
            context.close();
            return;
        }
        FullHttpResponse answer =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.BAD_REQUEST);
        answer.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        context.writeAndFlush(told(answer, notHttp())).addListener(ChannelFutureListener.CLOSE);
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

    /** Null if the answer is one of the service itself, which says what is wrong. */
    private static @Nullable ApiException refusal(FullHttpResponse answer) {
        if (answer.content().isReadable()
                || answer.headers().contains(HttpHeaderNames.CONTENT_TYPE)) {
            return null;
        }
        HttpResponseStatus status = answer.status();
        if (status.equals(HttpResponseStatus.BAD_REQUEST)) {
            return notHttp(); // also of Spring, if the target is no URI
        }
        if (!answer.headers()
                .containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE, true)) {
            return null;
        }
        if (status.equals(HttpResponseStatus.REQUEST_URI_TOO_LONG)) {
            return new ApiException(
                    ErrorCode.REQUEST_TOO_LARGE, "The first line of the request is too long.");
        }
        return status.equals(HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
                ? new ApiException(
                        ErrorCode.REQUEST_TOO_LARGE, "The headers of the request are too large.")
                : null;
    }

    private static ApiException notHttp() {
        return new ApiException(ErrorCode.INVALID_REQUEST, "The request is not valid HTTP/1.1.");
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
