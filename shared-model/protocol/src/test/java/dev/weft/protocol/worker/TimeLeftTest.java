package dev.weft.protocol.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimeLeftTest {
    @Test
    void whatIsWrittenIsRead() {
        for (long millis : new long[] {1, 999, 86_400_000}) {
            Duration time = Duration.ofMillis(millis);
            assertThat(TimeLeft.read(TimeLeft.text(time))).isEqualTo(time);
        }
        assertThat(TimeLeft.text(Duration.ofMillis(-5))).isEqualTo("1");
        assertThat(TimeLeft.text(Duration.ofDays(2))).isEqualTo("86400000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-1", "1.5", "1s", "86400001", "999999999999999999999"})
    void otherTextsAreNone(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TimeLeft.read(text))
                .withMessage("header weft-time-left: allowed are milliseconds from 1 to 86400000");
    }
}
