package dev.weft.inference.server.http.dialect;

import dev.weft.inference.server.http.json.JsonFields;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A chat that is made of another interface's body, and where each part of it came from. */
public final class ChatBody {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** The beginning of error messages about the schema of a chat's answer. */
    private static final String OF_SCHEMA = "Invalid schema for response_format '";

    private static final String KWARGS = "chat_template_kwargs";

    /** Fields that each interface takes as chats do. */
    static final List<String> SETTINGS =
            List.of(
                    "structured_outputs",
                    "guided_json",
                    "guided_regex",
                    "guided_choice",
                    "guided_grammar",
                    "structural_tag",
                    "logit_bias",
                    "min_p",
                    "presence_penalty",
                    "frequency_penalty",
                    "repetition_penalty",
                    "bad_words",
                    "min_tokens",
                    "ignore_eos",
                    "stop_token_ids",
                    "skip_special_tokens",
                    "thinking_token_budget",
                    "include_reasoning",
                    KWARGS);

    private final ObjectNode chat = NODES.objectNode();
    private final ArrayNode messages = chat.putArray("messages");

    /** Paths in the client's body, by path in the chat. */
    private final Map<String, String> origins = new LinkedHashMap<>();

    /** Words of error messages for the client, by the words that they have for the chat. */
    private final Map<String, String> words = new LinkedHashMap<>();

    /**
     * The path of the answer's schema in the client's body; null if its errors are renamed like all
     * others.
     */
    private @Nullable String schemaOrigin;

    /** The chat's fields. */
    public JsonFields fields() {
        return new JsonFields(chat, "");
    }

    /** Copies a field under another name; nothing if the client left it out. */
    void copy(JsonFields from, String name, String chatName) {
        JsonNode value = from.node(name);
        if (value != null) {
            set(chatName, value, from.path() + name);
        }
    }

    void copy(JsonFields from, String... names) {
        for (String name : names) {
            copy(from, name, name);
        }
    }

    /**
     * Copies the fields that vLLM's servers take at each of their interfaces besides the maker's
     * own: how tokens are sampled, and how answers are constrained.
     */
    void copySettings(JsonFields from) {
        SETTINGS.forEach(name -> copy(from, name, name));
    }

    void set(String chatName, JsonNode value, String origin) {
        chat.set(chatName, value);
        origins.put(chatName, origin);
    }

    /**
     * Sets a value of {@code chat_template_kwargs}, if the client's own have none of that name.
     *
     * @param origin the path of the values, if the client has none of its own
     */
    void setKwarg(JsonFields from, String name, boolean value, String origin) {
        JsonFields own = from.object(KWARGS).orElse(null);
        ObjectNode kwargs = NODES.objectNode().put(name, value);
        if (own != null) {
            own.object().forEachEntry(kwargs::set);
        }
        set(KWARGS, kwargs, own == null ? origin : from.path() + KWARGS);
    }

    /** Adds a message with a role. */
    ObjectNode message(String role, String origin) {
        origins.put("messages[" + messages.size() + "]", origin);
        return messages.addObject().put("role", role);
    }

    /**
     * The last message, if it has that role and no calls, so that its text can go on; else a new
     * one without content.
     */
    ObjectNode turn(String role, String origin) {
        if (messages.path(messages.size() - 1) instanceof ObjectNode last
                && last.path("role").asString("").equals(role)
                && !last.has("tool_calls")) {
            return last;
        }
        return message(role, origin);
    }

    /** The text of the last message. */
    String lastText() {
        return messages.path(messages.size() - 1).path("content").asString("");
    }

    /** Adds a list as a field; in the client's body its elements lie below {@code origin}. */
    ArrayNode list(String chatName, String origin) {
        origins.put(chatName, origin);
        return chat.putArray(chatName);
    }

    /**
     * Turns the client's tools into functions; does nothing if it lists none.
     *
     * @param read writes a tool of the client into its function
     */
    void tools(JsonFields from, BiConsumer<JsonFields, ObjectNode> read) {
        JsonNode tools = from.node("tools");
        if (tools == null) {
            return;
        }
        if (!tools.isArray()) {
            throw from.invalid("tools", tools, "a list of tools");
        }
        ArrayNode list = list("tools", "tools");
        for (JsonNode tool : tools) {
            String path = "tools[" + list.size() + "]";
            origin(path + ".function", path);
            ObjectNode function = list.addObject().put("type", "function").putObject("function");
            read.accept(from.element("tools", list.size() - 1, tool), function);
        }
    }

    /** Notes that a path of the chat is another one in the client's body. */
    void origin(String chatPath, String origin) {
        origins.put(chatPath, origin);
    }

    /** Notes that words of error messages about the chat are others for the client's body. */
    void words(String ofChat, String ofClient) {
        words.put(ofChat, ofClient);
    }

    /**
     * Notes that errors of the answer's schema have another path in the client's body, and a code
     * of their own.
     */
    void schemaOrigin(String origin) {
        schemaOrigin = origin;
    }

    /** Notes that a call of the last message has another path in the client's body. */
    void callOrigin(int call, String origin) {
        String path = "messages[" + (messages.size() - 1) + "].tool_calls[" + call + "]";
        origins.put(path, origin);
        origins.put(path + ".function", origin);
    }

    static ObjectNode object() {
        return NODES.objectNode();
    }

    /** An error of the chat, in terms of the client's body. */
    public ApiException renamed(ApiException error) {
        String param = error.param();
        String inChat = param == null ? null : known(param);
        if (param == null || inChat == null) {
            return error;
        }
        String origin = origins.getOrDefault(inChat, inChat);
        String message = String.valueOf(error.getMessage()).replace("'" + inChat, "'" + origin);
        if (schemaOrigin != null && message.startsWith(OF_SCHEMA)) {
            boolean invalid = error.code() == ErrorCode.INVALID_VALUE;
            ErrorCode code = invalid ? ErrorCode.INVALID_JSON_SCHEMA : error.code();
            return new ApiException(code, message, schemaOrigin);
        }
        for (Map.Entry<String, String> entry : words.entrySet()) {
            message = message.replace(entry.getKey(), entry.getValue());
        }
        return new ApiException(error.code(), message, origin + param.substring(inChat.length()));
    }

    /** The longest known path that a parameter begins with; null if there is none. */
    private @Nullable String known(String param) {
        String found = null;
        for (String path : origins.keySet()) {
            boolean begins =
                    param.startsWith(path)
                            && (param.length() == path.length()
                                    || ".[".indexOf(param.charAt(path.length())) >= 0);
            if (begins && (found == null || path.length() > found.length())) {
                found = path;
            }
        }
        return found;
    }
}
