package dev.weft.inference.server.http.pooling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.weft.inference.server.checkpoint.LabelActivation;
import dev.weft.inference.server.checkpoint.LabelActivation.Kind;
import dev.weft.inference.server.models.ResolvedModel;
import dev.weft.protocol.error.ApiException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelScoresTest {
    private static final ResolvedModel MODEL = new ResolvedModel("m", null);
    private static final float ONE = (float) (1 / (1 + Math.exp(-1)));
    private static final float TWO = (float) (1 / (1 + Math.exp(-2)));
    private static final float[] BOTH = {ONE, 1 - ONE};

    @Test
    void probabilitiesAreASoftmaxAndOfOneASigmoid() {
        assertThat(activated(Kind.PROBABILITIES, 1)).containsExactly(ONE);
        assertThat(activated(Kind.PROBABILITIES, 2, 1)).containsExactly(BOTH, within(1e-6f));
        assertThat(activated(Kind.SIGMOID_OF_ONE, 2)).containsExactly(TWO);
        assertThat(activated(Kind.SOFTMAX_OF_SEVERAL, 2, 1)).containsExactly(BOTH, within(1e-6f));
    }

    @Test
    void labelsMayBeIndependentOrScores() {
        assertThat(activated(Kind.SIGMOIDS, 1, 2)).containsExactly(ONE, TWO);
        assertThat(activated(Kind.LOGITS, 1, 2)).containsExactly(1, 2);
    }

    @ParameterizedTest
    @CsvSource({"SIGMOID_OF_ONE, 2", "SOFTMAX_OF_SEVERAL, 1", "UNSERVED, 1", "UNSERVED, 2"})
    void namesTheFieldOfWhatIsNotServed(Kind kind, int labels) {
        assertThatThrownBy(() -> activated(kind, new float[labels]))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("config.json: problem_type \"x\", which is not served");
    }

    @Test
    void refusesBeforeAnythingIsComputed() {
        assertThatThrownBy(() -> LabelScores.require(activation(Kind.UNSERVED), MODEL))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("use_activation false");
        assertThatCode(() -> LabelScores.require(activation(Kind.SIGMOID_OF_ONE), MODEL))
                .doesNotThrowAnyException();
    }

    private static float[] activated(Kind kind, float... logits) {
        return LabelScores.activated(logits, activation(kind), MODEL);
    }

    private static LabelActivation activation(Kind kind) {
        return new LabelActivation(kind, "problem_type \"x\"");
    }
}
