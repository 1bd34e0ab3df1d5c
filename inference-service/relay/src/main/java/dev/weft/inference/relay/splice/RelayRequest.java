package dev.weft.inference.relay.splice;

import dev.weft.inference.relay.host.RelayTarget;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import dev.weft.protocol.error.InvalidJson;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/**
 * A client's request on its way to a server. Its model is replaced, what Weft needs is added, and
 * all other bytes stay. A name that is given twice is refused, since the server may take the other
 * one.
 */
public final class RelayRequest {
    /**
     * Fields that are refused for every server, since they act on the server itself or need state
     * that only it has.
     */
    private static final Set<String> REFUSED =
            Set.of(
                    "lora_request",
                    "chat_template",
                    "kv_transfer_params",
                    "ec_transfer_params",
                    "priority",
                    "vllm_xargs");

    /**
     * The refused fields that are flags: false switches them off, and is no number that a server
     * takes for 0.
     */
    private static final Set<String> FLAGS = Set.of("echo");

    /**
     * Allowed formats of vectors. In other formats the answer lacks its token counts, and in one
     * also the vectors' places.
     */
    private static final Set<String> ENCODINGS = Set.of("float", "base64");

    private static final String SALT = "cache_salt";

    /** Variables of a chat template; some servers take one of them as the template itself. */
    private static final String VARIABLES = "chat_template_kwargs";

    private final byte[] body;
    private final Set<String> names = new HashSet<>();
    private @Nullable String model;
    private int modelFrom;
    private int modelTo;
    private int first = -1;
    private boolean streams;
    private int choices = 1;
    private int optionsFrom = -1;
    private int optionsTo;
    private UsageOptions options = UsageOptions.NONE;

    private @Nullable String salt;
    private @Nullable Place saltAt;

    /** Places of the null or false values of refused fields, which the relay may set itself. */
    private final Map<String, Place> unset = new HashMap<>();

    private record Place(int from, int to) {}

    private RelayRequest(byte[] body) {
        this.body = body;
    }

    /**
     * Reads a body.
     *
     * @param refused names that may not be there, besides those that never may
     * @param opensFiles whether the server opens files of its own that media name
     * @throws ApiException 400 if it is not a JSON object in UTF-8, has a name twice or a refused
     *     one, or names a file as an image, a sound or a video that the server would open
     */
    public static RelayRequest read(byte[] body, Set<String> refused, boolean opensFiles) {
        if (body.length > 1 && (body[0] <= 0 || body[1] == 0)) {
            throw new ApiException(
                    ErrorCode.INVALID_REQUEST,
                    "The body must be a JSON object in UTF-8, without a byte order mark.");
        }
        Utf8.check(body);
        RelayRequest request = new RelayRequest(body);
        try (JsonParser parser = JsonPlaces.parser(body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new ApiException(
                        ErrorCode.INVALID_REQUEST, "The body must be a JSON object.");
            }
            request.first = JsonPlaces.start(parser) + 1;
            request.fields(parser, refused, opensFiles);
            if (parser.nextToken() != null) {
                throw new ApiException(
                        ErrorCode.INVALID_REQUEST,
                        "The body must be one JSON object; something follows it.");
            }
        } catch (JacksonException e) {
            throw InvalidJson.body(e);
        }
        return request;
    }

    private void fields(JsonParser parser, Set<String> refused, boolean opensFiles) {
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            if (!names.add(name)) {
                throw new ApiException(ErrorCode.INVALID_VALUE, name + " is given twice.", name);
            }
            JsonToken value = parser.nextToken();
            boolean isRefused = REFUSED.contains(name) || refused.contains(name);
            boolean off = value == JsonToken.VALUE_FALSE && (!isRefused || FLAGS.contains(name));
            boolean given = value != JsonToken.VALUE_NULL && !off;
            if (given && isRefused) {
                throw unsupported(name, "clients may not set it");
            }
            int from = JsonPlaces.start(parser);
            if (isRefused) {
                unset.put(name, new Place(from, JsonPlaces.skip(parser)));
                continue;
            }
            switch (name) {
                case "model" -> model(parser, value, from);
                case "stream" -> streams = flag(name, value);
                case "background" -> refuse(name, flag(name, value));
                case "previous_response_id" -> refuse(name, given);
                case "n" -> choices(parser, value);
                case "encoding_format" -> encoding(parser, value);
                case "max_tokens", "max_completion_tokens", "max_output_tokens" ->
                        count(name, value);
                case UsageOptions.NAME -> options(parser, value, from);
                case VARIABLES -> variables(parser, value, from);
                case SALT -> salt(parser, given, from);
                default -> {
                    if (opensFiles) {
                        MediaAddresses.pass(parser, name, body);
                    } else {
                        JsonPlaces.skip(parser);
                    }
                }
            }
        }
    }

    private static void encoding(JsonParser parser, @Nullable JsonToken value) {
        if (value == JsonToken.VALUE_STRING && !ENCODINGS.contains(parser.getString())) {
            throw unsupported("encoding_format", "\"float\" or \"base64\" is allowed");
        }
        JsonPlaces.skip(parser);
    }

    private void model(JsonParser parser, @Nullable JsonToken value, int from) {
        if (value != JsonToken.VALUE_STRING || parser.getString().isEmpty()) {
            throw new ApiException(
                    ErrorCode.INVALID_VALUE, "model: a string with a name is allowed.", "model");
        }
        model = parser.getString();
        modelFrom = from;
        modelTo = JsonPlaces.skip(parser);
    }

    /** Reads the salt. An empty one is the same as none: it separates no prefixes. */
    private void salt(JsonParser parser, boolean given, int from) {
        String text = parser.getString();
        boolean isText = parser.currentToken() == JsonToken.VALUE_STRING;
        int to = JsonPlaces.skip(parser);
        if (given && !isText) {
            // some servers take a list
            salt = new String(body, from, to - from, StandardCharsets.UTF_8);
        } else if (given && !text.isEmpty()) {
            salt = text;
        }
        saltAt = new Place(from, to);
    }

    private void variables(JsonParser parser, @Nullable JsonToken value, int from) {
        int to = JsonPlaces.skip(parser);
        if (value == JsonToken.START_OBJECT) {
            byte[] text = Arrays.copyOfRange(body, from, to);
            if (JsonMapper.shared().readTree(text).has("chat_template")) {
                throw unsupported(VARIABLES + ".chat_template", "clients may not set it");
            }
        }
    }

    /**
     * The value of a flag; only true, false and null are taken. Some servers take 1 or "true" for
     * true, and would then do what Weft has not seen.
     */
    private static boolean flag(String name, @Nullable JsonToken value) {
        return switch (value) {
            case VALUE_TRUE -> true;
            case VALUE_FALSE, VALUE_NULL -> false;
            case null, default -> throw notAFlag(name);
        };
    }

    static ApiException notAFlag(String name) {
        return new ApiException(
                ErrorCode.INVALID_VALUE, name + ": true and false are allowed.", name);
    }

    /**
     * Refuses a value that is not a whole number, since the gateway estimates a request's cost by
     * it.
     */
    private static void count(String name, @Nullable JsonToken value) {
        if (value != JsonToken.VALUE_NUMBER_INT && value != JsonToken.VALUE_NULL) {
            throw new ApiException(
                    ErrorCode.INVALID_VALUE, name + ": an integer is allowed.", name);
        }
    }

    private void choices(JsonParser parser, @Nullable JsonToken value) {
        count("n", value);
        if (value == JsonToken.VALUE_NUMBER_INT) {
            choices =
                    parser.getNumberType() == JsonParser.NumberType.INT
                            ? Math.max(1, parser.getIntValue())
                            : Integer.MAX_VALUE;
        }
    }

    private static void refuse(String name, boolean given) {
        if (given) {
            throw unsupported(name, "answers are not kept");
        }
    }

    private static ApiException unsupported(String name, String why) {
        return new ApiException(
                ErrorCode.UNSUPPORTED_PARAMETER, name + " is not supported: " + why + ".", name);
    }

    private void options(JsonParser parser, @Nullable JsonToken value, int from) {
        if (value == JsonToken.START_OBJECT) {
            int to = JsonPlaces.skip(parser);
            byte[] text = Arrays.copyOfRange(body, from, to);
            options = UsageOptions.read(text);
            optionsFrom = from;
            optionsTo = to;
        } else if (value == JsonToken.VALUE_NULL) {
            optionsFrom = from;
            optionsTo = JsonPlaces.skip(parser);
        } else {
            throw new ApiException(
                    ErrorCode.INVALID_VALUE,
                    UsageOptions.NAME + ": an object is allowed.",
                    UsageOptions.NAME);
        }
    }

    /** The name that the client asks for. */
    public String model() {
        if (model == null) {
            throw new ApiException(
                    ErrorCode.INVALID_REQUEST, "You must provide a model parameter.", "model");
        }
        return model;
    }

    /** Whether the answer is to be a stream. */
    public boolean streams() {
        return streams;
    }

    /**
     * The number of answers that the request asks for to each of its prompts; one if it does not
     * say.
     */
    public int choices() {
        return choices;
    }

    /** Whether the request is a chat. */
    public boolean chats() {
        return names.contains("messages");
    }

    /** Whether it brings tools. */
    public boolean hasTools() {
        return names.contains("tools");
    }

    /** Whether the client wants the tokens told at a stream's end. */
    public boolean wantsUsage() {
        return options.usage();
    }

    /** Whether the client wants the tokens told in each event. */
    public boolean wantsUsageInEachEvent() {
        return options.usageInEachEvent();
    }

    /** The client's salt, as JSON if it is not a string; empty if there is none. */
    public String salt() {
        return salt == null ? "" : salt;
    }

    /**
     * The body as the server gets it.
     *
     * @param usage whether a stream's events are to tell the tokens
     * @param salt keeps the request's prefixes from others', and replaces the client's salt; null
     *     for none
     */
    public byte[] to(RelayTarget target, boolean usage, @Nullable String salt) {
        Splices splices = new Splices();
        splices.replace(modelFrom, modelTo, json(target.model()));
        StringBuilder added = new StringBuilder();
        target.fields().forEach((name, value) -> set(name, value, splices, added));
        if (salt != null) {
            Place own = saltAt;
            if (own == null) {
                added.append(member(SALT, salt));
            } else {
                splices.replace(own.from, own.to, json(salt));
            }
        }
        if (streams && usage) {
            if (optionsFrom >= 0) {
                splices.replace(optionsFrom, optionsTo, json(options.withUsage()));
            } else {
                added.append(member(UsageOptions.NAME, options.withUsage()));
            }
        }
        if (!added.isEmpty()) {
            splices.insert(first, added.toString()); // the model follows, so a comma is right
        }
        return splices.apply(body);
    }

    /**
     * Sets a field. A null of the client's is replaced, since a null after another value would win.
     */
    private void set(String name, Object value, Splices splices, StringBuilder added) {
        Place place = unset.get(name);
        if (place == null) {
            added.append(member(name, value));
        } else {
            splices.replace(place.from, place.to, json(value));
        }
    }

    private static String member(String name, Object value) {
        return json(name) + ":" + json(value) + ",";
    }

    private static String json(Object value) {
        return JsonMapper.shared().writeValueAsString(value);
    }
}
