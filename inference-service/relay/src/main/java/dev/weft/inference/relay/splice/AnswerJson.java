package dev.weft.inference.relay.splice;

import dev.weft.protocol.usage.TokenCount;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * A JSON object of an answer: a whole answer, or the data of an event. It is read once, as far as
 * Weft needs it. Of an array, as SGLang's rerank answers, the tokens of its items are read.
 */
final class AnswerJson {
    private final byte[] text;
    private final RelayAnswer names;
    private final Splices splices = new Splices();
    private long input = -1;
    private long output = -1;
    private long cacheRead;
    private long cacheMade;
    private int choice;
    private boolean choices;
    private boolean emptyChoices;
    private boolean error;
    private String type = "";
    private final List<String> ends = new ArrayList<>();
    private int usageFrom = -1;
    private int usageTo;

    private AnswerJson(byte[] text, RelayAnswer names) {
        this.text = text;
        this.names = names;
    }

    /** Reads an object or an array; empty if the text is neither. */
    static Optional<AnswerJson> read(byte[] text, RelayAnswer names) {
        AnswerJson answer = new AnswerJson(text, names);
        try (JsonParser parser = JsonPlaces.parser(text)) {
            JsonToken first = parser.nextToken();
            if (first == JsonToken.START_OBJECT) {
                answer.fields(parser);
            } else if (first == JsonToken.START_ARRAY) {
                answer.items(parser);
            } else {
                return Optional.empty();
            }
            return Optional.of(answer);
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    private void fields(JsonParser parser) {
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            int key = JsonPlaces.start(parser);
            JsonToken value = parser.nextToken();
            switch (name) {
                case "model" -> model(parser, value);
                case "usage" -> {
                    usageFrom = key;
                    usage(parser, value);
                    usageTo = JsonPlaces.skip(parser);
                }
                case "choices" -> choices(parser, value);
                case "error" -> {
                    error = value != JsonToken.VALUE_NULL;
                    JsonPlaces.skip(parser);
                }
                case "type" -> {
                    type = value == JsonToken.VALUE_STRING ? parser.getString() : "";
                    JsonPlaces.skip(parser);
                }
                case "response", "message", "delta" -> nested(parser, value);
                case "status", "stop_reason" -> end(parser, value);
                default -> parser.skipChildren();
            }
        }
    }

    /** How an answer ends, in the words of its interface. */
    private void end(JsonParser parser, @Nullable JsonToken value) {
        if (value == JsonToken.VALUE_STRING) {
            ends.add(parser.getString());
        }
        JsonPlaces.skip(parser);
    }

    private void items(JsonParser parser) {
        for (JsonToken next = parser.nextToken();
                next == JsonToken.START_OBJECT;
                next = parser.nextToken()) {
            long before = Math.max(0, input);
            input = -1;
            for (String name = parser.nextName(); name != null; name = parser.nextName()) {
                JsonToken value = parser.nextToken();
                if (name.equals("meta_info")) {
                    usage(parser, value);
                } else {
                    parser.skipChildren();
                }
            }
            input = input < 0 && before == 0 ? -1 : before + Math.max(0, input);
        }
    }

    /**
     * Replaces the model. A server may answer with another name than the request's: the first of
     * several that it serves, or its checkpoint's folder.
     */
    private void model(JsonParser parser, @Nullable JsonToken value) {
        int from = JsonPlaces.start(parser);
        int to = JsonPlaces.skip(parser);
        if (value == JsonToken.VALUE_STRING) {
            splices.replace(from, to, names.quoted());
        }
    }

    /** Reads the object that events of {@code /v1/responses} and {@code /v1/messages} carry. */
    private void nested(JsonParser parser, @Nullable JsonToken value) {
        if (value != JsonToken.START_OBJECT) {
            JsonPlaces.skip(parser);
            return;
        }
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            JsonToken inner = parser.nextToken();
            switch (name) {
                case "model" -> model(parser, inner);
                case "usage" -> usage(parser, inner);
                case "status", "stop_reason" -> end(parser, inner);
                default -> parser.skipChildren();
            }
        }
    }

    private void usage(JsonParser parser, @Nullable JsonToken value) {
        if (value != JsonToken.START_OBJECT) {
            JsonPlaces.skip(parser);
            return;
        }
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            JsonToken number = parser.nextToken();
            if (number == JsonToken.VALUE_NUMBER_INT) {
                long count = Math.max(0, parser.getLongValue());
                switch (name) {
                    case "prompt_tokens", "input_tokens" -> input = count;
                    case "completion_tokens", "output_tokens" -> output = count;
                    case "cache_read_input_tokens" -> cacheRead = count;
                    case "cache_creation_input_tokens" -> cacheMade = count;
                    default -> {}
                }
            }
            JsonPlaces.skip(parser);
        }
    }

    private void choices(JsonParser parser, @Nullable JsonToken value) {
        if (value != JsonToken.START_ARRAY) {
            JsonPlaces.skip(parser);
            return;
        }
        choices = true;
        emptyChoices = true;
        for (JsonToken next = parser.nextToken();
                next != JsonToken.END_ARRAY;
                next = parser.nextToken()) {
            emptyChoices = false;
            if (next == JsonToken.START_OBJECT) {
                choice(parser);
            } else {
                JsonPlaces.skip(parser);
            }
        }
    }

    private void choice(JsonParser parser) {
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            JsonToken value = parser.nextToken();
            if (name.equals("finish_reason")) {
                end(parser, value);
                continue;
            }
            if (name.equals("index") && value == JsonToken.VALUE_NUMBER_INT) {
                choice = Math.max(0, parser.getIntValue());
            }
            JsonPlaces.skip(parser);
        }
    }

    /** Tokens that it tells; those of {@link #choice} alone while choices come. */
    Optional<TokenCount> count() {
        long apart = names.inputIsWhole() ? 0 : cacheRead + cacheMade;
        return input < 0 && output < 0
                ? Optional.empty()
                : Optional.of(new TokenCount(Math.max(0, input) + apart, Math.max(0, output)));
    }

    int choice() {
        return choice;
    }

    /** How its choices end, as far as it says. */
    List<String> ends() {
        return ends;
    }

    /** Whether it is the event that tells the tokens at the end and nothing else. */
    boolean isUsageAlone() {
        return choices && emptyChoices && usageFrom >= 0;
    }

    boolean isError() {
        return error;
    }

    /** The event's {@code type}; empty if it has none. */
    String type() {
        return type;
    }

    /** The text with the client's model, and without the usage if that wasn't asked for. */
    byte[] changed(boolean withUsage) {
        if (!withUsage && usageFrom >= 0) {
            int from = usageFrom;
            int to = usageTo;
            int before = back(from - 1);
            if (text[before] == ',') {
                from = before;
            } else {
                int after = forth(to);
                to = text[after] == ',' ? after + 1 : to;
            }
            splices.remove(from, to);
            usageFrom = -1;
        }
        return splices.apply(text);
    }

    private int back(int at) {
        int i = at;
        while (i > 0 && text[i] <= ' ') {
            i--;
        }
        return i;
    }

    private int forth(int at) {
        int i = at;
        while (i < text.length - 1 && text[i] <= ' ') {
            i++;
        }
        return i;
    }
}
