package dev.weft.inference.server.http.json;

import dev.weft.grammar.schema.ExactDecimals;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import dev.weft.protocol.error.InvalidJson;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The fields of a JSON object in a request. A field that is null counts as missing. Every wrong
 * value is an {@link ApiException} that names the field, the value and what is allowed.
 *
 * @param path path of the object in the body, with a dot at its end; empty for the body itself
 */
public record JsonFields(JsonNode object, String path) {
    /**
     * Names, values and brackets in one body; the 128 prompts of a request may have 15,000 token
     * ids each. A small value takes far more memory than its text.
     */
    private static final long MOST_TOKENS = 2_000_000;

    /** Up to this number, a double holds every integer exactly. */
    private static final double MOST_EXACT = 1L << 53;

    private static final JsonMapper JSON =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxTokenCount(MOST_TOKENS)
                                                    .build())
                                    .build())
                    .disable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                    .build();
    private static final int LONGEST_SHOWN = 60;

    /** Fields of a body that hold text that people wrote. */
    private static final Set<String> TEXTS =
            Set.of(
                    "messages",
                    "prompt",
                    "input",
                    "query",
                    "queries",
                    "documents",
                    "suffix",
                    "system",
                    "instructions",
                    "text_1",
                    "text_2",
                    "data_1",
                    "data_2");

    /** Reads a request's body. */
    public static JsonFields parse(byte[] body) {
        JsonNode root;
        try {
            root = ExactDecimals.tree(JSON, body);
        } catch (JacksonException e) {
            throw InvalidJson.body(e);
        }
        if (!root.isObject()) {
            throw new ApiException(
                    ErrorCode.INVALID_REQUEST,
                    body.length == 0
                            ? "The body is empty: a JSON object is expected"
                            : "The body is " + kind(root) + ": a JSON object is expected");
        }
        return new JsonFields(root, "");
    }

    public boolean has(String name) {
        return node(name) != null;
    }

    /** The field's value; null if it is missing or null. */
    public @Nullable JsonNode node(String name) {
        JsonNode value = object.get(name);
        return value == null || value.isNull() ? null : value;
    }

    /** The field's value, which must be there. */
    public JsonNode required(String name, String allowed) {
        JsonNode value = node(name);
        if (value == null) {
            throw new ApiException(
                    ErrorCode.INVALID_VALUE,
                    "Missing required parameter: '" + path + name + "' (allowed: " + allowed + ")",
                    path + name);
        }
        return value;
    }

    public Optional<String> text(String name) {
        JsonNode value = node(name);
        if (value != null && !value.isString()) {
            throw invalid(name, value, "a string");
        }
        return Optional.ofNullable(value).map(JsonNode::stringValue);
    }

    public boolean flag(String name, boolean otherwise) {
        JsonNode value = node(name);
        if (value != null && !value.isBoolean()) {
            throw invalid(name, value, "true or false");
        }
        return value == null ? otherwise : value.booleanValue();
    }

    public @Nullable Integer integer(String name, int least, int most) {
        JsonNode value = node(name);
        if (value == null) {
            return null;
        }
        String allowed =
                most == Integer.MAX_VALUE
                        ? "an integer of at least " + least
                        : "an integer from " + least + " to " + most;
        Long number = whole(value);
        if (number == null || number < least || number > most) {
            throw invalid(name, value, allowed);
        }
        return number.intValue();
    }

    public @Nullable Long wide(String name) {
        JsonNode value = node(name);
        if (value == null) {
            return null;
        }
        Long number = whole(value);
        if (number == null) {
            throw invalid(name, value, "an integer of 64 bits");
        }
        return number;
    }

    /**
     * The integer, also if it is written as a double (16.0), as some clients write all numbers;
     * else null.
     */
    private static @Nullable Long whole(JsonNode value) {
        if (value.isIntegralNumber()) {
            return value.canConvertToLong() ? value.longValue() : null;
        }
        double number = value.isNumber() ? value.doubleValue(Double.NaN) : Double.NaN;
        return number == Math.rint(number) && Math.abs(number) <= MOST_EXACT ? (long) number : null;
    }

    public double number(String name, NumberRange range, double otherwise) {
        JsonNode value = node(name);
        if (value == null) {
            return otherwise;
        }
        double number = value.doubleValue(Double.NaN); // also for one that no double holds
        if (!range.holds(number)) {
            throw invalid(name, value, range.text());
        }
        return number;
    }

    /** A list of token ids below {@code size}; empty if it is missing. */
    public List<Integer> tokens(String name, int size) {
        JsonNode value = node(name);
        return value == null ? List.of() : tokens(name, value, size);
    }

    /** Reads {@code value}, found at {@code name}, as token ids. */
    public List<Integer> tokens(String name, JsonNode value, int size) {
        String allowed = "a list of token ids from 0 to " + (size - 1);
        if (!value.isArray()) {
            throw invalid(name, value, allowed);
        }
        List<Integer> tokens = new ArrayList<>(value.size());
        for (JsonNode token : value) {
            if (!token.isIntegralNumber()
                    || token.bigIntegerValue().compareTo(BigInteger.valueOf(size)) >= 0
                    || token.bigIntegerValue().signum() < 0) {
                throw invalid(name + "[" + tokens.size() + "]", token, allowed);
            }
            tokens.add(token.intValue());
        }
        return tokens;
    }

    /** An inner object; empty if it is missing. */
    public Optional<JsonFields> object(String name) {
        JsonNode value = node(name);
        if (value != null && !value.isObject()) {
            throw invalid(name, value, "an object");
        }
        return Optional.ofNullable(value).map(o -> new JsonFields(o, path + name + "."));
    }

    /** The error for a wrong value of a field. */
    public ApiException invalid(String name, JsonNode value, String allowed) {
        return new ApiException(
                ErrorCode.INVALID_VALUE,
                "Invalid value for '"
                        + path
                        + name
                        + "': "
                        + said(path + name, value)
                        + "; allowed: "
                        + allowed,
                path + name);
    }

    /**
     * Whether people wrote the value. Neither {@link #invalid} nor {@link #unsupported} shows such
     * text, not even to its author: messages are kept.
     */
    private static boolean isSaid(String field, JsonNode value) {
        return (value.isString() || !value.isEmpty())
                && TEXTS.contains(field.split("[.\\[]", 2)[0])
                && !field.endsWith(".role")
                && !field.endsWith(".type");
    }

    /** The error for a field that is known and not served. */
    public ApiException unsupported(String name, String allowed) {
        JsonNode value = object.get(name);
        return new ApiException(
                ErrorCode.UNSUPPORTED_PARAMETER,
                "Unsupported value for '"
                        + path
                        + name
                        + "': "
                        + (value == null ? "none" : said(path + name, value))
                        + "; allowed: "
                        + allowed,
                path + name);
    }

    private static String said(String field, JsonNode value) {
        return isSaid(field, value) ? kind(value) : shown(value);
    }

    /** A value as messages show it. */
    static String shown(JsonNode value) {
        String text = value.toString();
        return text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "...";
    }

    /** A string that has to be there. */
    public String requiredText(String name, String allowed) {
        required(name, allowed);
        return text(name).orElseThrow();
    }

    /** An element of a list of objects. */
    public JsonFields element(String list, int index, JsonNode element) {
        String name = list + "[" + index + "]";
        if (!element.isObject()) {
            throw invalid(name, element, "an object");
        }
        return new JsonFields(element, path + name + ".");
    }

    private static String kind(JsonNode value) {
        return switch (value.getNodeType()) {
            case ARRAY -> "a list";
            case BOOLEAN -> "a boolean";
            case NUMBER -> "a number";
            case STRING -> "a string";
            case NULL -> "null";
            case MISSING -> "empty";
            case BINARY, OBJECT, POJO -> "an object";
        };
    }
}
