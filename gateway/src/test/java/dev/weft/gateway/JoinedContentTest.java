package dev.weft.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JoinedContentTest {
    private final EmbeddedChannel channel = new EmbeddedChannel(new JoinedContent());
    private final List<ByteBuf> read = new ArrayList<>();

    @AfterEach
    void nothingIsKept() {
        channel.finishAndReleaseAll();
        assertThat(read).allMatch(buffer -> buffer.refCnt() == 0);
    }

    private HttpContent chunk(String text) {
        ByteBuf bytes = Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
        read.add(bytes);
        return new DefaultHttpContent(bytes);
    }

    /** What came out since: text for content, the type's name for other messages. */
    private List<String> out() {
        List<String> out = new ArrayList<>();
        for (Object next = channel.readInbound(); next != null; next = channel.readInbound()) {
            switch (next) {
                case LastHttpContent _ -> out.add("last");
                case HttpContent content -> {
                    out.add(content.content().toString(StandardCharsets.US_ASCII));
                    content.release();
                }
                default -> out.add("head");
            }
        }
        return out;
    }

    private static HttpResponse head() {
        return new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    }

    @Test
    void chunksOfOneReadAreOne() {
        channel.writeInbound(head(), chunk("a"), chunk("b"), chunk("c"));

        assertThat(out()).containsExactly("head", "abc");
    }

    @Test
    void chunksOfSeveralReadsStayApart() {
        channel.writeInbound(head(), chunk("a"));
        channel.writeInbound(chunk("b"));

        assertThat(out()).containsExactly("head", "a", "b");
    }

    @Test
    void theEndComesAfterThem() {
        channel.writeInbound(
                head(),
                chunk("a"),
                chunk("b"),
                new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER),
                head(),
                chunk("c"));

        assertThat(out()).containsExactly("head", "ab", "last", "head", "c");
    }

    @Test
    void aLargeChunkIsNotCopied() {
        String large = "x".repeat(5_000);
        HttpContent content = chunk(large);

        channel.writeInbound(head(), chunk("a"), content, chunk("b"));

        assertThat(channel.<Object>readInbound()).isInstanceOf(HttpResponse.class);
        HttpContent small = channel.readInbound();
        small.release();
        assertThat(channel.<Object>readInbound()).isSameAs(content);
        content.release();
        assertThat(out()).containsExactly("b");
    }

    @Test
    void notMuchIsHeldBack() {
        String chunk = "x".repeat(4_000);
        for (int i = 0; i < 20; i++) {
            channel.pipeline().fireChannelRead(chunk(chunk));
        }

        assertThat(out()).singleElement().satisfies(first -> assertThat(first).hasSize(68_000));
        channel.pipeline().fireChannelReadComplete();
        assertThat(out()).singleElement().satisfies(rest -> assertThat(rest).hasSize(12_000));
    }

    @Test
    void aConnectionThatEndsHasItsChunksFirst() {
        channel.pipeline().fireChannelRead(head());
        channel.pipeline().fireChannelRead(chunk("a"));
        channel.pipeline().fireChannelRead(chunk("b"));

        channel.pipeline().fireChannelInactive();

        assertThat(out()).containsExactly("head", "ab");
    }

    @Test
    void aRemovedHandlerKeepsNothing() {
        channel.pipeline().fireChannelRead(chunk("a"));

        channel.pipeline().removeFirst();

        assertThat(out()).isEmpty();
    }
}
