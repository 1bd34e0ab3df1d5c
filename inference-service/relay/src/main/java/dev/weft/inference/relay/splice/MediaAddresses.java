package dev.weft.inference.relay.splice;

import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Checks the addresses of images, sounds and videos in a request. Servers open an address that is
 * neither of the web nor data as a local file (SGLang's load_image, load_audio and load_video,
 * TensorRT-LLM's async_load_image and its like), so a client could read the server's files.
 */
final class MediaAddresses {
    /** Fields of requests that models read. Others hold schemas, names and numbers. */
    private static final Set<String> READ =
            Set.of("messages", "system", "input", "query", "documents", "queries", "items");

    /** Members whose value is an address, an object with one, or several. */
    private static final Set<String> MEDIA =
            Set.of(
                    "image_url",
                    "video_url",
                    "audio_url",
                    "file_url",
                    "image",
                    "video",
                    "audio",
                    "images",
                    "videos",
                    "audios",
                    "source");

    /** Members with the arguments of earlier tool calls, which no server reads for media. */
    private static final Set<String> ARGUMENTS = Set.of("input", "arguments");

    /**
     * A member of {@code /v1/messages}: a text in it names where something comes from, and no
     * medium.
     */
    private static final String SOURCE = "source";

    private static final String ADDRESS = "url";
    private static final Set<String> SCHEMES = Set.of("http://", "https://", "data:");
    private static final int LONGEST_SCHEME = 8;

    private final JsonParser parser;
    private final String field;
    private final byte[] body;

    private MediaAddresses(JsonParser parser, String field, byte[] body) {
        this.parser = parser;
        this.field = field;
        this.body = body;
    }

    /**
     * Passes over the value of a request's field.
     *
     * @throws ApiException 400 if a medium in it is to come from elsewhere than the web or the
     *     request itself; names the field
     */
    static void pass(JsonParser parser, String field, byte[] body) {
        if (READ.contains(field)) {
            new MediaAddresses(parser, field, body).value();
        } else {
            JsonPlaces.skip(parser);
        }
    }

    private void value() {
        switch (parser.currentToken()) {
            case START_OBJECT -> {
                for (String name = parser.nextName(); name != null; name = parser.nextName()) {
                    parser.nextToken();
                    member(name);
                }
            }
            case START_ARRAY -> {
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    value();
                }
            }
            case null, default -> JsonPlaces.skip(parser);
        }
    }

    private void member(String name) {
        if (MEDIA.contains(name)) {
            medium(name, !name.equals(SOURCE));
        } else if (ARGUMENTS.contains(name)) {
            JsonPlaces.skip(parser);
        } else {
            value();
        }
    }

    /**
     * A medium, or several.
     *
     * @param isAddress whether a text is an address
     */
    private void medium(String name, boolean isAddress) {
        switch (parser.currentToken()) {
            case VALUE_STRING -> {
                if (isAddress) {
                    check(name);
                } else {
                    JsonPlaces.skip(parser);
                }
            }
            case START_ARRAY -> {
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    medium(name, isAddress);
                }
            }
            case START_OBJECT -> {
                for (String inner = parser.nextName(); inner != null; inner = parser.nextName()) {
                    JsonToken value = parser.nextToken();
                    if (inner.equals(ADDRESS) && value == JsonToken.VALUE_STRING) {
                        check(name + "." + ADDRESS);
                    } else {
                        member(inner);
                    }
                }
            }
            case null, default -> JsonPlaces.skip(parser);
        }
    }

    /** Checks an address by its first bytes, so that no text is made of long data. */
    private void check(String name) {
        int first = JsonPlaces.start(parser) + 1;
        if (!isAllowed(asWritten(first)) && !isAllowed(parser.getString())) {
            String place = field + ": " + name;
            throw new ApiException(
                    ErrorCode.INVALID_VALUE,
                    place + ": an address that begins with http://, https:// or data: is allowed.",
                    field);
        }
        JsonPlaces.skip(parser);
    }

    /** The first characters of an address as they stand in the body, with their escapes. */
    private String asWritten(int first) {
        StringBuilder text = new StringBuilder(LONGEST_SCHEME);
        for (int i = first; i < Math.min(first + LONGEST_SCHEME, body.length); i++) {
            text.append((char) (body[i] & 0xff));
        }
        return text.toString();
    }

    private static boolean isAllowed(@Nullable String address) {
        if (address == null) {
            return false;
        }
        String begin =
                address.substring(0, Math.min(LONGEST_SCHEME, address.length()))
                        .toLowerCase(Locale.ROOT);
        return SCHEMES.stream().anyMatch(begin::startsWith);
    }
}
