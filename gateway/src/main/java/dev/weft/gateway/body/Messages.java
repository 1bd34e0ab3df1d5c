package dev.weft.gateway.body;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Reads only what the {@link ChatOpening} needs of a chat's messages. Texts are hashed as bytes,
 * however long, and never decoded. A value that is neither a list nor a string is skipped; the
 * worker judges it. For one body.
 */
final class Messages {
    /** Bytes of a message that are hashed; of a longer one only its beginning. */
    private static final int MOST_BYTES = 16 << 10;

    /**
     * Items of {@code /v1/responses} that have no role: the model makes them, or they answer its
     * calls.
     */
    private static final Set<String> OF_ANSWERS =
            Set.of("function_call", "function_call_output", "reasoning");

    private final byte[] body;
    private boolean found;
    private boolean answered;
    private long hash;

    Messages(byte[] body) {
        this.body = body;
    }

    /** Reads a list of messages, or a string that is the only message. */
    void read(JsonParser parser, @Nullable JsonToken value) {
        if (value == JsonToken.VALUE_STRING) {
            found = true;
            hash = content(parser, value);
        } else if (value == JsonToken.START_ARRAY) {
            for (JsonToken item = parser.nextToken();
                    item != null && item != JsonToken.END_ARRAY;
                    item = parser.nextToken()) {
                if (item == JsonToken.START_OBJECT) {
                    readMessage(parser);
                } else {
                    parser.skipChildren();
                }
            }
        } else {
            parser.skipChildren();
        }
    }

    private void readMessage(JsonParser parser) {
        String role = "";
        String type = "";
        long content = 0;
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            JsonToken value = parser.nextToken();
            if (name.equals("role") && value == JsonToken.VALUE_STRING) {
                role = parser.getString();
            } else if (name.equals("type") && value == JsonToken.VALUE_STRING) {
                type = parser.getString();
            } else if (name.equals("content") && value != null && !found) {
                content = content(parser, value);
            } else {
                parser.skipChildren();
            }
        }
        if (!found && role.equals("user")) {
            found = true;
            hash = content;
        }
        answered |= found && (role.equals("assistant") || OF_ANSWERS.contains(type));
    }

    /** FNV-1a over the bytes of a string, a list or an object; 0 for any other value. */
    private long content(JsonParser parser, JsonToken value) {
        int start = (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        if (start < 0) {
            return 0; // UTF-16, say: the parser doesn't know where it is
        }
        if (value == JsonToken.VALUE_STRING) {
            return hash(start, endOfString(start));
        }
        return value.isStructStart()
                ? hash(start, (int) parser.currentLocation().getByteOffset())
                : 0;
    }

    /** Index of the string's closing quote, or that where hashing ends if it is smaller. */
    private int endOfString(int start) {
        int most = Math.min(body.length, start + MOST_BYTES);
        for (int at = start + 1; at < most; at++) {
            if (body[at] == '\\') {
                at++;
            } else if (body[at] == '"') {
                return at;
            }
        }
        return most;
    }

    private long hash(int start, int end) {
        long hash = 0xcbf29ce484222325L;
        int last = Math.min(Math.min(end, body.length), start + MOST_BYTES);
        for (int at = start; at < last; at++) {
            hash = (hash ^ body[at]) * 0x100000001b3L;
        }
        return hash;
    }

    /** Null if there is no message of a user. */
    @Nullable ChatOpening opening() {
        return found ? new ChatOpening(hash, answered) : null;
    }
}
