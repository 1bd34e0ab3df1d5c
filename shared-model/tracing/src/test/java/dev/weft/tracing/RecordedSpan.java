package dev.weft.tracing;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A span as a collector got it.
 *
 * @param parent empty for the first span of a trace
 * @param attributes values as text; those of a list are separated by commas
 * @param raw the whole span as text
 */
public record RecordedSpan(
        String service,
        String name,
        Span.SpanKind kind,
        String trace,
        String id,
        String parent,
        long beginEpochNanos,
        long endEpochNanos,
        boolean error,
        Map<String, String> attributes,
        String raw) {

    static RecordedSpan of(Resource resource, Span span) {
        return new RecordedSpan(
                attributes(resource.getAttributesList()).getOrDefault("service.name", ""),
                span.getName(),
                span.getKind(),
                hex(span.getTraceId()),
                hex(span.getSpanId()),
                hex(span.getParentSpanId()),
                span.getStartTimeUnixNano(),
                span.getEndTimeUnixNano(),
                span.getStatus().getCode() == Status.StatusCode.STATUS_CODE_ERROR,
                attributes(span.getAttributesList()),
                span.toString());
    }

    /** An attribute's value; null if there is none. */
    public @Nullable String get(String attribute) {
        return attributes.get(attribute);
    }

    public boolean isChildOf(RecordedSpan other) {
        return trace.equals(other.trace) && parent.equals(other.id);
    }

    /** True if it begins and ends within the other one. */
    public boolean within(RecordedSpan other) {
        return other.beginEpochNanos <= beginEpochNanos
                && beginEpochNanos <= endEpochNanos
                && endEpochNanos <= other.endEpochNanos;
    }

    private static Map<String, String> attributes(List<KeyValue> pairs) {
        Map<String, String> attributes = new TreeMap<>();
        pairs.forEach(pair -> attributes.put(pair.getKey(), text(pair.getValue())));
        return attributes;
    }

    private static String text(AnyValue value) {
        return switch (value.getValueCase()) {
            case STRING_VALUE -> value.getStringValue();
            case BOOL_VALUE -> String.valueOf(value.getBoolValue());
            case INT_VALUE -> String.valueOf(value.getIntValue());
            case DOUBLE_VALUE -> String.valueOf(value.getDoubleValue());
            case ARRAY_VALUE ->
                    value.getArrayValue().getValuesList().stream()
                            .map(RecordedSpan::text)
                            .collect(Collectors.joining(","));
            default -> value.toString();
        };
    }

    private static String hex(ByteString bytes) {
        return HexFormat.of().formatHex(bytes.toByteArray());
    }
}
