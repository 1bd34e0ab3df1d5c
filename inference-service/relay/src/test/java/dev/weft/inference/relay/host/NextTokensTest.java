package dev.weft.inference.relay.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class NextTokensTest {
    private static final Offset<Double> EXACT = within(1e-9);

    private static NextTokens of(double first, String top) throws IOException {
        return NextTokens.read(
                """
                {"choices":[{"index":0,"logprobs":{"token_logprobs":[%s],"top_logprobs":[{%s}]}}]}\
                """
                        .formatted(first, top),
                1);
    }

    private static double distance(NextTokens one, NextTokens other) {
        assertThat(other.distance(one)).isCloseTo(one.distance(other), EXACT);
        return one.distance(other);
    }

    @Test
    void tokensDifferByTheMeanOverAllThatAreTold() throws IOException {
        NextTokens base = of(-1, "\"a\":-1,\"b\":-2,\"c\":-3");
        assertThat(distance(base, base)).isZero();
        assertThat(distance(base, of(-1, "\"a\":-1,\"b\":-2.2,\"c\":-3.2"))).isCloseTo(0.1, EXACT);
    }

    /** Another order of the same sums lets two tokens change their places. */
    @Test
    void aTokenThatHardlyMissesTheLastPlaceHardlyDiffers() throws IOException {
        NextTokens base = of(-1, "\"a\":-1,\"b\":-2,\"c\":-3");
        assertThat(distance(base, of(-1, "\"a\":-1,\"b\":-2,\"d\":-2.96"))).isCloseTo(0.01, EXACT);
        assertThat(distance(of(-1, "\"a\":-1"), of(-1.02, "\"b\":-1.02"))).isCloseTo(0.02, EXACT);
    }

    /** Several tokens without a text are written alike. */
    @Test
    void tokensWithoutATextCountByTheLikeliestAlone() throws IOException {
        NextTokens base = of(-1, "\"\uFFFD\":-9,\"b\":-2");
        assertThat(distance(base, of(-1, "\"\uFFFD\":-1,\"b\":-2"))).isZero();
        assertThat(distance(base, of(-1.5, "\"\uFFFD\":-1.5,\"b\":-2"))).isCloseTo(0.25, EXACT);
    }

    @Test
    void chatsFormIsReadToo() throws IOException {
        NextTokens told =
                NextTokens.read(
                        """
                        {"choices":[{"index":0,"logprobs":{"content":[{"token":"a","logprob":-1,
                        "top_logprobs":[{"token":"a","logprob":-1},{"token":"b","logprob":-2}]}]}}]}\
                        """,
                        1);
        assertThat(told).isEqualTo(of(-1, "\"a\":-1,\"b\":-2"));
    }

    @Test
    void anAnswerThatLeavesAPromptOutIsNone() {
        assertThatThrownBy(() -> NextTokens.read("{\"choices\":[{\"index\":0}]}", 1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("each prompt");
        assertThatThrownBy(() -> NextTokens.read("oops", 1)).hasMessageContaining("JSON");
    }
}
