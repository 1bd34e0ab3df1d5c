package dev.weft.standalone.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SpanTest {
    @Test
    void aNumberIsAlwaysItself() {
        var random = new SplittableRandom(1);
        assertThat(IntStream.range(0, 100).map(_ -> Span.parse("45").draw(random)))
                .containsOnly(45);
    }

    @Test
    void aRangeIsDrawnFromEndToEnd() {
        var random = new SplittableRandom(1);
        assertThat(IntStream.range(0, 1000).map(_ -> Span.parse("3..6").draw(random)))
                .containsOnly(3, 4, 5, 6);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-3", "x", "5..2", "0..4", "5..", "1..2000000", "1.5"})
    void whatIsNoLengthIsRefusedByItsText(String text) {
        assertThatThrownBy(() -> Span.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'%s' is not allowed: N or MIN..MAX, each from 1 to 1000000", text);
    }

    @Test
    void isWrittenAsItIsRead() {
        assertThat(Span.parse("3..6")).hasToString("3..6");
        assertThat(Span.parse("7")).hasToString("7");
    }
}
