package dev.weft.gateway.body;

import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import dev.weft.protocol.error.InvalidJson;
import dev.weft.protocol.json.LongStrings;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

/**
 * Reads the top-level fields {@code model}, {@code safety_identifier} and {@code user} of a JSON
 * body. It also reads how long the answers may be, for how many prompts, whether they are streamed,
 * and what the chat began with ({@code messages}, or {@code input}). It reads the whole body once,
 * so that the worker is known to get JSON with one meaning, and keeps nothing of the rest.
 */
public final class ModelReader {
    private static final String FIELD = "model";

    /** Larger numbers are not lengths of answers, and no estimate can use their product. */
    private static final long MOST_TOKENS = 1_000_000_000;

    private static final long MOST_CHOICES = 1_000;

    private static final long MOST_PROMPTS = 1_000;

    private ModelReader() {}

    /**
     * Reads the fields. A field other than the model counts only if it has its type; the worker
     * judges it.
     *
     * @throws ApiException 400 if the body is not a JSON object, or the field is missing, empty,
     *     given twice, or not a string
     */
    public static RequestHead read(byte[] body) {
        Fields fields = new Fields(body);
        try (JsonParser parser = LongStrings.JSON.createParser(ObjectReadContext.empty(), body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new ApiException(
                        ErrorCode.INVALID_REQUEST, "The body must be a JSON object.");
            }
            fields.read(parser);
            if (parser.nextToken() != null) {
                throw new ApiException(
                        ErrorCode.INVALID_REQUEST,
                        "The body must be one JSON object; something follows it"
                                + InvalidJson.at(parser.currentTokenLocation())
                                + ".");
            }
        } catch (JacksonException e) {
            throw InvalidJson.body(e);
        }
        return fields.head();
    }

    /** The fields that were found. For one thread. */
    private static final class Fields {
        private @Nullable String model;
        private @Nullable String safetyIdentifier;
        private @Nullable String user;
        private long mostTokens;
        private long choices = 1;
        private long prompts = 1;
        private boolean stream;
        private final Messages messages;

        Fields(byte[] body) {
            messages = new Messages(body);
        }

        void read(JsonParser parser) {
            for (String name = parser.nextName(); name != null; name = parser.nextName()) {
                JsonToken value = parser.nextToken();
                boolean text = value == JsonToken.VALUE_STRING;
                if (name.equals(FIELD)) {
                    readModel(parser, value);
                } else if (text && name.equals("safety_identifier")) {
                    safetyIdentifier = parser.getString();
                } else if (text && name.equals("user")) {
                    user = parser.getString();
                } else if (name.equals("messages") || name.equals("input")) {
                    messages.read(parser, value);
                } else if (name.equals("prompt")) {
                    readPrompts(parser, value);
                } else if (!readExtent(name, value, parser)) {
                    parser.skipChildren();
                }
            }
        }

        private boolean readExtent(String name, @Nullable JsonToken value, JsonParser parser) {
            switch (name) {
                case "stream" -> stream = value == JsonToken.VALUE_TRUE;
                case "n" -> choices = number(value, parser, MOST_CHOICES);
                case "max_tokens", "max_completion_tokens", "max_output_tokens" ->
                        mostTokens = Math.max(mostTokens, number(value, parser, MOST_TOKENS));
                default -> {
                    return false;
                }
            }
            return value == null || value.isScalarValue();
        }

        /** Texts and lists of tokens are a prompt each; tokens alone are one prompt. */
        private void readPrompts(JsonParser parser, @Nullable JsonToken value) {
            if (value != JsonToken.START_ARRAY) {
                parser.skipChildren();
                return;
            }
            long found = 0;
            for (JsonToken each = parser.nextToken();
                    each != null && each != JsonToken.END_ARRAY;
                    each = parser.nextToken()) {
                boolean prompt = each == JsonToken.VALUE_STRING || each == JsonToken.START_ARRAY;
                found += prompt ? 1 : 0;
                parser.skipChildren();
            }
            prompts = Math.clamp(found, prompts, MOST_PROMPTS);
        }

        private static long number(@Nullable JsonToken value, JsonParser parser, long most) {
            if (value == JsonToken.VALUE_NUMBER_FLOAT) {
                // 16.0, as clients write it whose numbers are all doubles
                double number = parser.getDoubleValue();
                return number == Math.rint(number)
                        ? (long) Math.clamp(number, 0, (double) most)
                        : 0;
            }
            if (value != JsonToken.VALUE_NUMBER_INT
                    || parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
                return 0;
            }
            return Math.clamp(parser.getLongValue(), 0, most);
        }

        private void readModel(JsonParser parser, @Nullable JsonToken value) {
            if (value != JsonToken.VALUE_STRING) {
                throw new ApiException(
                        ErrorCode.INVALID_VALUE,
                        "model: a string is allowed, not " + kind(value) + ".",
                        FIELD);
            }
            if (model != null) {
                throw new ApiException(ErrorCode.INVALID_VALUE, "model is given twice.", FIELD);
            }
            model = parser.getString();
        }

        /** A text that names nobody counts as missing. */
        private static @Nullable String named(@Nullable String user) {
            return user == null || user.isBlank() ? null : user;
        }

        RequestHead head() {
            String asked = model;
            if (asked == null || asked.isEmpty()) {
                throw new ApiException(
                        ErrorCode.INVALID_REQUEST, "You must provide a model parameter.", FIELD);
            }
            return new RequestHead(
                    asked,
                    named(safetyIdentifier) == null ? named(user) : safetyIdentifier,
                    mostTokens * Math.max(1, choices) * prompts,
                    stream,
                    messages.opening());
        }
    }

    private static String kind(@Nullable JsonToken token) {
        if (token == null || token == JsonToken.VALUE_NULL) {
            return "null";
        }
        if (token.isNumeric()) {
            return "a number";
        }
        if (token.isBoolean()) {
            return "a boolean";
        }
        return token == JsonToken.START_ARRAY ? "an array" : "an object";
    }
}
