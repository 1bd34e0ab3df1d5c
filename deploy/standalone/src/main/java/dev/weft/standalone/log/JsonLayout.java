package dev.weft.standalone.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import java.io.StringWriter;
import java.time.format.DateTimeFormatter;
import java.util.Set;
import org.slf4j.event.KeyValuePair;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/**
 * A JSON object for each line: {@code timestamp} (UTC), {@code level}, {@code service}, {@code
 * logger}, {@code thread}, {@code message}, {@code exception} if there is one, {@code trace_id} and
 * {@code span_id} of the line's request, and the line's named values, e.g. {@code adapter}.
 */
final class JsonLayout extends LayoutBase<ILoggingEvent> {
    private static final Set<String> TAKEN =
            Set.of(
                    "timestamp",
                    "level",
                    "service",
                    "logger",
                    "thread",
                    "message",
                    "exception",
                    "trace_id",
                    "span_id");

    @Override
    public String doLayout(ILoggingEvent event) {
        StringWriter line = new StringWriter(300);
        try (JsonGenerator json = JsonMapper.shared().createGenerator(line)) {
            json.writeStartObject();
            json.writeStringProperty(
                    "timestamp", DateTimeFormatter.ISO_INSTANT.format(event.getInstant()));
            json.writeStringProperty("level", event.getLevel().toString());
            json.writeStringProperty("service", LoggingService.of(event.getLoggerName()));
            json.writeStringProperty("logger", event.getLoggerName());
            json.writeStringProperty("thread", event.getThreadName());
            json.writeStringProperty("message", event.getFormattedMessage());
            IThrowableProxy thrown = event.getThrowableProxy();
            if (thrown != null) {
                json.writeStringProperty("exception", ThrowableProxyUtil.asString(thrown));
            }
            writeTrace(json);
            writeNamed(json, event);
            json.writeEndObject();
        }
        return line.append('\n').toString();
    }

    /** Writes the trace of the current thread: a line is formatted on the thread that logs it. */
    private static void writeTrace(JsonGenerator json) {
        SpanContext current = Span.current().getSpanContext();
        if (current.isValid()) {
            json.writeStringProperty("trace_id", current.getTraceId());
            json.writeStringProperty("span_id", current.getSpanId());
        }
    }

    private static void writeNamed(JsonGenerator json, ILoggingEvent event) {
        if (event.getKeyValuePairs() == null) {
            return;
        }
        for (KeyValuePair pair : event.getKeyValuePairs()) {
            if (TAKEN.contains(pair.key)) {
                continue;
            }
            json.writeName(pair.key);
            switch (pair.value) {
                case Long number -> json.writeNumber(number);
                case Integer number -> json.writeNumber(number);
                case Double number -> json.writeNumber(number);
                case Boolean is -> json.writeBoolean(is);
                case null -> json.writeNull();
                default -> json.writeString(pair.value.toString());
            }
        }
    }
}
