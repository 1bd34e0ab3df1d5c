package dev.weft.standalone.bench.grammar;

import java.math.BigDecimal;
import java.util.Iterator;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Writes JSON as Python's {@code json.dumps(value, ensure_ascii=False)} does, for the same text.
 */
final class PythonJson {
    /** Python writes floats of this size, and below the least one, with an exponent. */
    private static final int LEAST_LARGE_EXPONENT = 16;

    private static final int MOST_SMALL_EXPONENT = -5;

    private final StringBuilder out = new StringBuilder();

    private PythonJson() {}

    static String of(JsonNode value) {
        PythonJson writer = new PythonJson();
        writer.write(value);
        return writer.out.toString();
    }

    private void write(JsonNode value) {
        if (value.isObject()) {
            object(value);
        } else if (value.isArray()) {
            array(value);
        } else if (value.isString()) {
            string(value.stringValue());
        } else if (value.isFloatingPointNumber()) {
            out.append(number(value.doubleValue()));
        } else {
            out.append(value);
        }
    }

    private void object(JsonNode value) {
        String separator = "{";
        for (Map.Entry<String, JsonNode> entry : value.properties()) {
            out.append(separator);
            string(entry.getKey());
            out.append(": ");
            write(entry.getValue());
            separator = ", ";
        }
        out.append(value.isEmpty() ? "{}" : "}");
    }

    private void array(JsonNode value) {
        out.append('[');
        for (Iterator<JsonNode> items = value.iterator(); items.hasNext(); ) {
            write(items.next());
            out.append(items.hasNext() ? ", " : "");
        }
        out.append(']');
    }

    private void string(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default -> {
                    if (c < ' ') {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    /** Python's repr of a float. */
    static String number(double value) {
        if (Double.isInfinite(value)) {
            return value > 0 ? "Infinity" : "-Infinity";
        }
        if (value == 0) {
            return 1 / value < 0 ? "-0.0" : "0.0";
        }
        BigDecimal digits = new BigDecimal(Double.toString(Math.abs(value))).stripTrailingZeros();
        int exponent = digits.precision() - digits.scale() - 1;
        String sign = value < 0 ? "-" : "";
        if (exponent >= LEAST_LARGE_EXPONENT || exponent <= MOST_SMALL_EXPONENT) {
            String all = digits.unscaledValue().toString();
            String mantissa = all.length() == 1 ? all : all.charAt(0) + "." + all.substring(1);
            return "%s%se%s%02d"
                    .formatted(sign, mantissa, exponent < 0 ? "-" : "+", Math.abs(exponent));
        }
        String plain = digits.toPlainString();
        return sign + plain + (plain.contains(".") ? "" : ".0");
    }
}
