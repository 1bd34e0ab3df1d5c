package dev.weft.gateway.forward.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.measure.StreamNotes;
import dev.weft.protocol.error.ErrorCode;
import dev.weft.protocol.usage.AnswerNotes;
import dev.weft.protocol.usage.TokenCount;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.core.io.buffer.NettyDataBufferFactory;

class StreamNotesTest {
    private static final List<DataBufferFactory> FACTORIES =
            List.of(
                    new DefaultDataBufferFactory(),
                    new NettyDataBufferFactory(UnpooledByteBufAllocator.DEFAULT));
    private static final String ONE = "data: {\"text\":\"\\n: weft-usage 9 9\\n\"}\n\n";
    private static final String TWO = "data: two\n\ndata: three\n\n";
    private static final String LAST = "data: {\"usage\":null}\n\ndata: [DONE]\n\n";

    private final List<String> heard = new ArrayList<>();
    private final StreamNotes.Listener listener =
            new StreamNotes.Listener() {
                @Override
                public void told(TokenCount count) {
                    heard.add(count.text());
                }

                @Override
                public void failed(String code) {
                    heard.add(code);
                }
            };

    @Test
    void aStreamIsTheSameWithoutItsNotesWhereverItIsCut() {
        String noted = note(7, 1) + ONE + note(7, 3) + TWO + note(7, 12345) + LAST;
        for (DataBufferFactory buffers : FACTORIES) {
            for (int cut = 0; cut <= noted.length(); cut++) {
                heard.clear();
                assertThat(through(buffers, noted.substring(0, cut), noted.substring(cut)))
                        .isEqualTo(ONE + TWO + LAST);
                assertThat(heard).containsExactly("7 1", "7 3", "7 12345");
            }
        }
    }

    @Test
    void anEventInOneBufferIsNotCopied() {
        DataBuffer buffer = buffer(FACTORIES.getLast(), note(1, 2) + TWO);
        DataBuffer stripped = new StreamNotes(listener, FACTORIES.getLast()).strip(buffer);
        assertThat(stripped).isSameAs(buffer);
        assertThat(text(stripped)).isEqualTo(TWO);
    }

    @Test
    void anErrorsCodeIsHeardBeforeItsEvent() {
        String error = "event: error\ndata: {}\n\n";
        String line =
                new String(
                        AnswerNotes.errorLine(ErrorCode.WORKER_FAILED), StandardCharsets.US_ASCII);
        assertThat(through(FACTORIES.getFirst(), note(1, 2) + TWO, line + error))
                .isEqualTo(TWO + error);
        assertThat(heard).containsExactly("1 2", "worker_failed");
    }

    @Test
    void aNoteSaysHowManyChoicesThereAreWhereItIsNotOne() {
        String noted = ": weft-usage 7 12 3\n" + ONE + ": weft-usage 7 24 3\n" + TWO;
        for (DataBufferFactory buffers : FACTORIES) {
            heard.clear();
            assertThat(through(buffers, noted)).isEqualTo(ONE + TWO);
            assertThat(heard).containsExactly("7 12 3", "7 24 3");
        }
    }

    @Test
    void commentsThatAreNoNotesPass() {
        String comments = ": hello\n: weft-usage \n: weft-usage 1\n: weft-usage x 2\ndata: a\n\n";
        assertThat(through(FACTORIES.getFirst(), comments)).isEqualTo(comments);
        assertThat(heard).isEmpty();
    }

    @Test
    void aBufferThatGoesOnAnUnfinishedLineDoesNotBeginWithANote() {
        StreamNotes notes = new StreamNotes(listener, FACTORIES.getFirst());
        assertThat(text(notes.strip(buffer(FACTORIES.getFirst(), "data: a")))).isEqualTo("data: a");
        assertThat(text(notes.strip(buffer(FACTORIES.getFirst(), note(1, 2) + TWO))))
                .isEqualTo(note(1, 2) + TWO);
        assertThat(heard).isEmpty();
    }

    /** Works as the gateway does: whole events first, then the notes. */
    private String through(DataBufferFactory buffers, String... pieces) {
        WholeEvents whole = new WholeEvents(buffers);
        StreamNotes notes = new StreamNotes(listener, buffers);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Arrays.stream(pieces)
                .filter(piece -> !piece.isEmpty())
                .map(piece -> whole.next(buffer(buffers, piece)))
                .forEach(next -> {
                    if (next != null) {
                        out.writeBytes(text(notes.strip(next)).getBytes(StandardCharsets.UTF_8));
                    }
                });
        assertThat(whole.rest()).isNull();
        return out.toString(StandardCharsets.UTF_8);
    }

    private static DataBuffer buffer(DataBufferFactory buffers, String text) {
        DataBuffer buffer = buffers.allocateBuffer(text.length());
        buffer.write(text.getBytes(StandardCharsets.UTF_8));
        return buffer;
    }

    private static String text(@Nullable DataBuffer buffer) {
        if (buffer == null) {
            return "";
        }
        String text = buffer.toString(StandardCharsets.UTF_8);
        DataBufferUtils.release(buffer);
        return text;
    }

    private static String note(long input, long output) {
        return new String(
                AnswerNotes.usageLine(new TokenCount(input, output)), StandardCharsets.US_ASCII);
    }
}
