package dev.weft.bounds.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

@SuppressWarnings("FutureReturnValueIgnored") // an embedded channel closes at once
class RefusedBodiesTest {
    private final EmbeddedChannel channel =
            new EmbeddedChannel(new RefusedBodies(1_000, Duration.ofSeconds(5)));

    private void begin() {
        channel.freezeTime();
        channel.writeInbound(
                new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/v1/completions"));
    }

    private void body(int bytes) {
        channel.writeInbound(new DefaultHttpContent(Unpooled.wrappedBuffer(new byte[bytes])));
    }

    private FullHttpResponse answer(HttpResponseStatus status) {
        FullHttpResponse answer = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status);
        channel.writeOutbound(answer);
        return answer;
    }

    @Test
    void keepsTheConnectionWhereTheBodyEndsWithinTheBound() {
        begin();
        body(600);
        answer(HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE);
        body(900);
        channel.writeInbound(LastHttpContent.EMPTY_LAST_CONTENT);
        channel.advanceTimeBy(10, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();

        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void endsItAfterTooManyBytes() {
        begin();
        answer(HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE);
        body(900);
        assertThat(channel.isOpen()).isTrue();
        body(101);

        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void endsItAfterTooLong() {
        begin();
        answer(HttpResponseStatus.UNAUTHORIZED);
        channel.advanceTimeBy(4, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        assertThat(channel.isOpen()).isTrue();
        channel.advanceTimeBy(2, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();

        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void putsAClosingOffUntilTheBodyIsOver() {
        begin();
        answer(HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE);
        channel.close();
        body(900);
        assertThat(channel.isOpen()).isTrue();
        channel.writeInbound(LastHttpContent.EMPTY_LAST_CONTENT);

        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void endsItSoonAfterWhatCouldNotBeRead() {
        channel.freezeTime();
        DefaultHttpRequest request =
                new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/v1/completions");
        request.setDecoderResult(DecoderResult.failure(new TooLongHttpHeaderException()));
        channel.writeInbound(request);
        answer(HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE);
        // the channel itself would cancel what is scheduled
        channel.pipeline().close();
        assertThat(channel.isOpen()).isTrue();
        channel.advanceTimeBy(1, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();

        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void endsItSoonAlsoIfTheAnswerCameBeforeWhatCouldNotBeRead() {
        begin();
        answer(HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE);
        DefaultLastHttpContent part = new DefaultLastHttpContent();
        part.setDecoderResult(DecoderResult.failure(new NumberFormatException()));
        channel.writeInbound(part);
        assertThat(channel.isOpen()).isTrue();
        channel.advanceTimeBy(1, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();

        assertThat(channel.isOpen()).isFalse();
    }

    /** What is not even a request comes in one piece, of which more may be under way. */
    @Test
    void leavesTheClientTimeToReadWhyItsLineIsRefused() {
        channel.freezeTime();
        DefaultFullHttpRequest request =
                new DefaultFullHttpRequest(HttpVersion.HTTP_1_0, HttpMethod.GET, "/bad-request");
        request.setDecoderResult(DecoderResult.failure(new TooLongHttpLineException()));
        channel.writeInbound(request);
        answer(HttpResponseStatus.REQUEST_URI_TOO_LONG);
        channel.pipeline().close();

        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void closesAtOnceWhereNothingWasAnswered() {
        begin();
        channel.close();

        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void saysThatItClosesWhereTheClientMayOrMayNotSendTheBody() {
        channel.freezeTime();
        DefaultHttpRequest request =
                new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/v1/completions");
        request.headers().set("Expect", "100-continue");
        channel.writeInbound(request);
        FullHttpResponse answer = answer(HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE);
        assertThat(answer.headers().get("Connection")).isEqualTo("close");
        assertThat(channel.isOpen()).isTrue();
        channel.advanceTimeBy(6, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();

        assertThat(channel.isOpen()).isFalse();
    }
}
