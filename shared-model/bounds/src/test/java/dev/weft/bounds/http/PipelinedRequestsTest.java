package dev.weft.bounds.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("FutureReturnValueIgnored") // an embedded channel reads at once
class PipelinedRequestsTest {
    private final Reads reads = new Reads();
    private final EmbeddedChannel channel = new EmbeddedChannel(reads, new PipelinedRequests());

    /** Counts the reads that reach the connection. */
    private static final class Reads extends ChannelOutboundHandlerAdapter {
        int asked;

        @Override
        public void read(ChannelHandlerContext context) {
            asked++;
        }
    }

    private void request(String path) {
        channel.writeInbound(new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, path));
    }

    private void body(ByteBuf bytes) {
        channel.writeInbound(new DefaultHttpContent(bytes));
    }

    private void whole(String path) {
        request(path);
        channel.writeInbound(LastHttpContent.EMPTY_LAST_CONTENT);
    }

    private void answer(HttpResponseStatus status) {
        channel.writeOutbound(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status));
        channel.runPendingTasks();
    }

    /** What was handed on since the last call: paths, and "end" for the end of a body. */
    private List<String> handedOn() {
        List<String> all = new ArrayList<>();
        for (Object message = channel.readInbound();
                message != null;
                message = channel.readInbound()) {
            all.add(
                    switch (message) {
                        case HttpRequest request -> request.uri();
                        case LastHttpContent _ -> "end";
                        case HttpContent part -> {
                            int bytes = part.content().readableBytes();
                            part.release();
                            yield bytes + " bytes";
                        }
                        default -> String.valueOf(message);
                    });
        }
        return all;
    }

    @Test
    void aRequestWaitsForTheAnswerToTheEarlierOne() {
        whole("/a");
        whole("/b");
        whole("/c");
        assertThat(handedOn()).containsExactly("/a", "end");
        answer(HttpResponseStatus.OK);
        assertThat(handedOn()).containsExactly("/b", "end");
        answer(HttpResponseStatus.OK);
        assertThat(handedOn()).containsExactly("/c", "end");
        answer(HttpResponseStatus.OK);
        whole("/d");
        assertThat(handedOn()).containsExactly("/d", "end");
    }

    @Test
    void theRestOfABodyFollowsItsRequest() {
        whole("/a");
        request("/b");
        body(Unpooled.wrappedBuffer(new byte[10]));
        answer(HttpResponseStatus.OK);
        assertThat(handedOn()).containsExactly("/a", "end", "/b", "10 bytes");
        body(Unpooled.wrappedBuffer(new byte[20]));
        channel.writeInbound(LastHttpContent.EMPTY_LAST_CONTENT);
        assertThat(handedOn()).containsExactly("20 bytes", "end");
    }

    @Test
    void leaveToSendABodyIsNoAnswer() {
        whole("/a");
        whole("/b");
        answer(HttpResponseStatus.CONTINUE);
        assertThat(handedOn()).containsExactly("/a", "end");
        answer(HttpResponseStatus.OK);
        assertThat(handedOn()).containsExactly("/b", "end");
    }

    @Test
    void aBodyIsReadToItsEndAfterAnEarlyAnswer() {
        request("/a");
        answer(HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE);
        body(Unpooled.wrappedBuffer(new byte[10]));
        channel.writeInbound(LastHttpContent.EMPTY_LAST_CONTENT);
        whole("/b");
        assertThat(handedOn()).containsExactly("/a", "10 bytes", "end", "/b", "end");
    }

    @Test
    void theConnectionIsNotReadWhileTooMuchWaits() {
        whole("/a");
        request("/b");
        body(Unpooled.wrappedBuffer(new byte[(int) PipelinedRequests.MOST_BYTES]));
        int before = reads.asked;
        channel.read();
        assertThat(reads.asked).isEqualTo(before);
        answer(HttpResponseStatus.OK);
        assertThat(reads.asked).isEqualTo(before + 1);
        assertThat(handedOn()).containsExactly("/a", "end", "/b", "65536 bytes");
    }

    /** Else Reactor Netty, if it is not done with the earlier one, takes that one for the last. */
    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.0", "HTTP/1.1"})
    void theLastRequestIsKnownHereAlone(String version) {
        whole("/a");
        DefaultHttpRequest last =
                new DefaultHttpRequest(HttpVersion.valueOf(version), HttpMethod.GET, "/b");
        HttpUtil.setKeepAlive(last, false);
        channel.writeInbound(last);
        channel.writeInbound(LastHttpContent.EMPTY_LAST_CONTENT);
        whole("/c");
        answer(HttpResponseStatus.OK);
        assertThat(keepsAlive()).isTrue();
        assertThat(channel.isOpen()).isTrue();
        assertThat(handedOn()).containsExactly("/a", "end", "/b", "end");
        assertThat(HttpUtil.isKeepAlive(last)).isTrue();
        answer(HttpResponseStatus.OK);
        assertThat(keepsAlive()).isFalse();
        assertThat(channel.isOpen()).isFalse();
        assertThat(handedOn()).isEmpty();
    }

    /** Whether the answer that went out last leaves the connection open. */
    private boolean keepsAlive() {
        DefaultFullHttpResponse answer = channel.readOutbound();
        answer.release();
        return HttpUtil.isKeepAlive(answer);
    }

    /** The codec fails, and closes behind the next answer. */
    @Test
    void ofTooManyRequestsTheOneUnderWayIsTheLast() {
        for (int i = 0; i < PipelinedRequests.MOST_REQUESTS; i++) {
            whole("/" + i);
        }
        channel.pipeline().fireExceptionCaught(new IllegalStateException("too many"));
        channel.checkException();
        whole("/later");
        answer(HttpResponseStatus.OK);
        assertThat(keepsAlive()).isFalse();
        assertThat(handedOn()).containsExactly("/0", "end");
        assertThat(channel.isOpen()).isFalse();
    }

    /** Two closes would not wait for what the client still sends. */
    @Test
    void whoeverEndsTheConnectionClosesIt() {
        DefaultHttpRequest last = new DefaultHttpRequest(HttpVersion.HTTP_1_0, HttpMethod.GET, "/");
        channel.writeInbound(last);
        DefaultFullHttpResponse refusal =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1, HttpResponseStatus.REQUEST_URI_TOO_LONG);
        HttpUtil.setKeepAlive(refusal, false);
        channel.writeOutbound(refusal);
        channel.runPendingTasks();
        assertThat(keepsAlive()).isFalse();
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void otherExceptionsAreHandedOn() {
        whole("/a");
        channel.pipeline().fireExceptionCaught(new IllegalStateException("a fault"));
        assertThatThrownBy(channel::checkException).hasMessage("a fault");
    }

    @Test
    void whatWaitsIsReleasedWithTheConnection() {
        ByteBuf bytes = Unpooled.wrappedBuffer(new byte[10]);
        whole("/a");
        request("/b");
        body(bytes);
        channel.close();
        assertThat(bytes.refCnt()).isZero();
    }
}
