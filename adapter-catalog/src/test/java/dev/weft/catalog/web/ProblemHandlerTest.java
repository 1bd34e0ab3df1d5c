package dev.weft.catalog.web;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import reactor.netty.channel.AbortedException;

/** Whoever leaves within a body could fill the log otherwise. */
final class ProblemHandlerTest {
    private static List<Level> logged(Exception failure) {
        Logger log = (Logger) LoggerFactory.getLogger(ProblemHandler.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        log.addAppender(lines);
        try {
            assertThat(new ProblemHandler().unexpected(failure).getStatusCode().value())
                    .isEqualTo(500);
        } finally {
            log.detachAppender(lines);
        }
        return lines.list.stream()
                .map(ILoggingEvent::getLevel)
                .filter(level -> level.isGreaterOrEqual(Level.INFO))
                .toList();
    }

    @Test
    void aClientThatLeavesIsNoFailureOfTheService() {
        assertThat(logged(new AbortedException("Connection has been closed"))).isEmpty();
        assertThat(logged(new IllegalStateException("a fault"))).containsExactly(Level.ERROR);
    }
}
