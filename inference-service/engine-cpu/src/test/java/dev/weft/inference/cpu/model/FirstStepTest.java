package dev.weft.inference.cpu.model;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;

class FirstStepTest {
    @Test
    void logitsAreNumbersThatDiffer() {
        assertThatCode(() -> FirstStep.check(new float[] {0, -1, 2})).doesNotThrowAnyException();
        for (float wrong : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> FirstStep.check(new float[] {0, wrong, 2}))
                    .withMessageContaining("self-test")
                    .withMessageContaining(String.valueOf(wrong));
        }
        assertThatIllegalStateException()
                .isThrownBy(() -> FirstStep.check(new float[] {3, 3, 3}))
                .withMessageContaining("all logits of its first token are 3.0");
    }
}
