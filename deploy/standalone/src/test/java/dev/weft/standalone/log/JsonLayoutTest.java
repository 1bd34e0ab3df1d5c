package dev.weft.standalone.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Scope;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class JsonLayoutTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String SPAN = "b7ad6b7169203331";

    private static LoggingEvent event(String message, @Nullable Throwable failure) {
        var event =
                new LoggingEvent(
                        "x",
                        new LoggerContext().getLogger("dev.weft.gateway.forward.request.Request"),
                        Level.WARN,
                        message,
                        failure,
                        null);
        event.setInstant(Instant.parse("2026-11-25T10:00:00.125Z"));
        return event;
    }

    private static JsonNode line(LoggingEvent event) {
        String line = new JsonLayout().doLayout(event);
        assertThat(line).endsWith("}\n");
        assertThat(line.strip()).doesNotContain("\n");
        return JsonMapper.shared().readTree(line);
    }

    @Test
    void aLineIsAnObject() {
        JsonNode line = line(event("a \"quote\"\nand a line", new IllegalStateException("why")));
        assertThat(line.path("timestamp").asString()).isEqualTo("2026-11-25T10:00:00.125Z");
        assertThat(line.path("level").asString()).isEqualTo("WARN");
        assertThat(line.path("service").asString()).isEqualTo("gateway");
        assertThat(line.path("logger").asString())
                .isEqualTo("dev.weft.gateway.forward.request.Request");
        assertThat(line.path("thread").asString()).isEqualTo(Thread.currentThread().getName());
        assertThat(line.path("message").asString()).isEqualTo("a \"quote\"\nand a line");
        assertThat(line.path("exception").asString())
                .startsWith("java.lang.IllegalStateException: why\n\tat ");
        assertThat(line.has("trace_id")).isFalse();
    }

    @Test
    void itNamesTheTraceThatItBelongsTo() {
        Span span =
                Span.wrap(
                        SpanContext.create(
                                TRACE, SPAN, TraceFlags.getSampled(), TraceState.getDefault()));
        try (Scope _ = span.makeCurrent()) {
            JsonNode line = line(event("hello", null));
            assertThat(line.path("trace_id").asString()).isEqualTo(TRACE);
            assertThat(line.path("span_id").asString()).isEqualTo(SPAN);
        }
    }

    @Test
    void whatALineSaysByNameKeepsItsTypeAndTakesNoOtherFieldsPlace() {
        LoggingEvent event = event("hello", null);
        event.setKeyValuePairs(
                List.of(
                        new KeyValuePair("adapter", "sql"),
                        new KeyValuePair("tokens", 12),
                        new KeyValuePair("level", "fake")));
        JsonNode line = line(event);
        assertThat(line.path("adapter").asString()).isEqualTo("sql");
        assertThat(line.path("tokens").asInt()).isEqualTo(12);
        assertThat(line.path("level").asString()).isEqualTo("WARN");
    }
}
