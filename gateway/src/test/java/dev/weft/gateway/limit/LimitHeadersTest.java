package dev.weft.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LimitHeadersTest {
    @ParameterizedTest
    @CsvSource({
        "PT0S, 0ms",
        "PT0.0000001S, 1ms",
        "PT0.12S, 120ms",
        "PT1S, 1s",
        "PT1.001S, 2s",
        "PT59.5S, 1m0s",
        "PT6M, 6m0s",
        "PT1H2M3S, 1h2m3s",
        "PT24H, 24h0m0s"
    })
    void writesDurationsAsOpenAiDoesRoundedUp(Duration duration, String text) {
        assertThat(LimitHeaders.text(duration)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"PT0S, 1", "PT0.2S, 1", "PT1S, 1", "PT1.2S, 2", "PT5M, 300"})
    void asksForWholeSecondsOneOrMore(Duration wait, String seconds) {
        LimitHeaders headers = new LimitHeaders(false, Clock.systemUTC());
        headers.retryAfter(wait);
        assertThat(headers.all()).containsEntry("Retry-After", seconds);
    }
}
