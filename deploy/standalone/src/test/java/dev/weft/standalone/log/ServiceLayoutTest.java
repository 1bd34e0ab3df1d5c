package dev.weft.standalone.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ServiceLayoutTest {
    private static String line(
            String logger, Level level, String message, @Nullable Throwable failure) {
        var event =
                new LoggingEvent(
                        "x", new LoggerContext().getLogger(logger), level, message, failure, null);
        event.setInstant(Instant.EPOCH);
        String line = new ServiceLayout().doLayout(event);
        assertThat(line).matches("(?s)\\d\\d:\\d\\d:\\d\\d .*");
        return line.substring("00:00:00 ".length());
    }

    @ParameterizedTest
    @CsvSource({
        "dev.weft.catalog.ingest.Ingest, catalog",
        "dev.weft.inference.cpu.CpuEngine, worker",
        "dev.weft.gateway.Gateway, gateway",
        "dev.weft.source.Repositories, fetch",
        "dev.weft.protocol.feed.FeedFollower, feed",
        "dev.weft.standalone.Weft, weft"
    })
    void everyLineSaysWhichServiceItIsOf(String logger, String service) {
        assertThat(line(logger, Level.INFO, "hello", null))
                .isEqualTo("%-8s hello\n".formatted(service));
    }

    @Test
    void aLibraryIsNamedAndAWarningMarked() {
        assertThat(line("io.netty.X", Level.WARN, "careful", null))
                .isEqualTo("weft     WARN io.netty.X: careful\n");
    }

    @Test
    void aFailureKeepsItsTrace() {
        assertThat(
                        line(
                                "dev.weft.gateway.G",
                                Level.ERROR,
                                "failed",
                                new IllegalStateException("why")))
                .startsWith("gateway  ERROR failed\njava.lang.IllegalStateException: why\n\tat ");
    }
}
