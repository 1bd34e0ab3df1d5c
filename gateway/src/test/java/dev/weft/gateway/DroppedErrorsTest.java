package dev.weft.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

class DroppedErrorsTest {
    @Test
    void anErrorThatIsDroppedFailsTheTest() {
        IllegalStateException first = new IllegalStateException("first");
        IllegalStateException second = new IllegalStateException("second");
        Operators.onErrorDropped(first, Context.empty());
        Operators.onErrorDropped(second, Context.empty());
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(DroppedErrors::check)
                .withCause(first)
                .satisfies(failure -> assertThat(failure.getSuppressed()).containsExactly(second));
        DroppedErrors.check();
    }
}
