package dev.weft.inference.server.http.request;

import dev.weft.chat.ChatInput;
import dev.weft.inference.server.http.json.JsonFields;
import dev.weft.inference.server.http.json.JsonValues;
import dev.weft.inference.server.prompt.CallArguments;
import dev.weft.inference.server.prompt.Conversation;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads messages of a chat. Contents that are lists of text parts stay lists, but a tool's become
 * one string, parts on lines of their own; {@code ChatProfile} joins the others for templates that
 * take strings. {@code developer}, OpenAI's newer word, becomes {@code system}, since templates
 * know only that. Arguments of earlier tool calls are parsed, since most templates print them as
 * JSON themselves; their text is kept for the others.
 */
final class ConversationReader {
    private static final Set<String> ROLES =
            Set.of("system", "developer", "user", "assistant", "tool");

    private static final List<String> EFFORTS =
            List.of("none", "minimal", "low", "medium", "high", "xhigh", "max");

    /** As Python's reader: integers of up to 4,300 digits, and names that only the body bounds. */
    private static final JsonMapper ARGUMENTS =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNumberLength(4_300)
                                                    .maxNameLength(Integer.MAX_VALUE)
                                                    .build())
                                    .build())
                    .build();

    private ConversationReader() {}

    static Conversation read(JsonFields fields) {
        return read(fields, ToolReader.read(fields));
    }

    static Conversation read(JsonFields fields, AskedTools tools) {
        JsonNode messages = fields.required("messages", "a list of messages");
        if (!messages.isArray() || messages.isEmpty()) {
            throw fields.invalid("messages", messages, "a list of at least one message");
        }
        List<Map<String, @Nullable Object>> chat = new ArrayList<>();
        for (JsonNode message : messages) {
            chat.add(message(fields, "messages[" + chat.size() + "]", message));
        }
        return new Conversation(
                chat, tools.shown(), EndingReader.read(fields, messages), kwargs(fields));
    }

    private static Map<String, @Nullable Object> kwargs(JsonFields fields) {
        Map<String, @Nullable Object> values = new HashMap<>(effort(fields));
        fields.object("chat_template_kwargs")
                .ifPresent(kwargs -> {
                    for (String name : kwargs.object().propertyNames()) {
                        if (ChatInput.RESERVED.contains(name)) {
                            throw kwargs.invalid(
                                    name,
                                    kwargs.object().path(name),
                                    "as a field of the request itself");
                        }
                    }
                    values.putAll(JsonValues.map(kwargs.object()));
                });
        return values;
    }

    /** The variables that tell templates how much a model is to think. */
    private static Map<String, @Nullable Object> effort(JsonFields fields) {
        String effort = fields.text("reasoning_effort").orElse(null);
        if (effort == null) {
            return Map.of();
        }
        if (!EFFORTS.contains(effort)) {
            throw fields.invalid(
                    "reasoning_effort",
                    fields.object().path("reasoning_effort"),
                    "one of " + EFFORTS);
        }
        return effort.equals("none")
                ? Map.of("reasoning_effort", effort, "enable_thinking", false)
                : Map.of("reasoning_effort", effort);
    }

    private static Map<String, @Nullable Object> message(
            JsonFields fields, String name, JsonNode node) {
        if (!node.isObject()) {
            throw fields.invalid(name, node, "an object with role and content");
        }
        JsonFields message = new JsonFields(node, name + ".");
        JsonNode role = message.required("role", "one of " + List.copyOf(sorted()));
        if (role.asString("").equals("function")) {
            throw message.unsupported("role", "\"tool\", the result of one of tool_calls");
        }
        if (!role.isString() || !ROLES.contains(role.stringValue())) {
            throw message.invalid("role", role, "one of " + List.copyOf(sorted()));
        }
        JsonNode older = message.node("function_call");
        if (older != null) {
            throw message.invalid("function_call", older, "none; use tool_calls");
        }
        Map<String, @Nullable Object> values = JsonValues.map(node);
        values.remove("function_call");
        values.put("role", role.stringValue().equals("developer") ? "system" : role.stringValue());
        values.put("content", content(message, role.stringValue()));
        // as vLLM: templates take a message that has the field for one with calls
        JsonNode calls = message.node("tool_calls");
        if (calls != null && !(calls.isArray() && calls.isEmpty())) {
            values.put("tool_calls", toolCalls(message));
        } else {
            values.remove("tool_calls");
        }
        thought(message, values);
        // clients echo a reply's null fields, for which templates take another way than for none
        values.values().removeIf(Objects::isNull);
        return values;
    }

    /** Templates read an earlier thought by either name. */
    private static void thought(JsonFields message, Map<String, @Nullable Object> values) {
        Optional<String> newer = message.text("reasoning");
        Optional<String> older = message.text("reasoning_content");
        newer.or(() -> older)
                .ifPresent(thought -> {
                    values.put("reasoning", thought);
                    values.put("reasoning_content", thought);
                });
    }

    private static Set<String> sorted() {
        return new java.util.TreeSet<>(ROLES);
    }

    private static Object content(JsonFields message, String role) {
        JsonNode content = message.node("content");
        if (content == null) {
            if (role.equals("assistant") && calls(message)) {
                // as vLLM: many templates join contents to text; CallForm knows the others
                return "";
            }
            throw new ApiException(
                    ErrorCode.INVALID_VALUE,
                    "Missing required parameter: '"
                            + message.path()
                            + "content' (allowed: a string or a list of text parts)",
                    message.path() + "content");
        }
        if (content.isString()) {
            return content.stringValue();
        }
        if (!content.isArray()) {
            throw message.invalid("content", content, "a string or a list of text parts");
        }
        List<Map<String, String>> parts = new ArrayList<>();
        for (JsonNode part : content) {
            String name = message.path() + "content[" + parts.size() + "].";
            Map<String, String> text = new LinkedHashMap<>(); // templates may print it as it is
            text.put("type", "text");
            text.put("text", part(new JsonFields(part, name)));
            parts.add(text);
        }
        // as vLLM: templates that read parts print a result's as they are
        return role.equals("tool")
                ? parts.stream().map(each -> each.get("text")).collect(Collectors.joining("\n"))
                : parts;
    }

    private static boolean calls(JsonFields message) {
        return message.has("tool_calls")
                || message.has("reasoning")
                || message.has("reasoning_content");
    }

    private static String part(JsonFields part) {
        JsonNode type = part.object().path("type");
        boolean refusal = type.asString("").equals("refusal");
        if (!refusal && !type.asString("").equals("text")) {
            throw part.unsupported("type", "\"text\": this model reads text only");
        }
        String field = refusal ? "refusal" : "text";
        return part.text(field)
                .orElseThrow(() ->
                        new ApiException(
                                ErrorCode.INVALID_VALUE,
                                "Missing required parameter: '"
                                        + part.path()
                                        + field
                                        + "' (allowed: a string)",
                                part.path() + field));
    }

    private static List<Object> toolCalls(JsonFields message) {
        JsonNode calls = message.required("tool_calls", "a list of calls");
        if (!calls.isArray()) {
            throw message.invalid("tool_calls", calls, "a list of calls");
        }
        List<Object> values = new ArrayList<>();
        for (JsonNode call : calls) {
            if (!call.path("function").path("name").isString()) {
                throw message.invalid(
                        "tool_calls[" + values.size() + "]",
                        call,
                        "an object with function.name and function.arguments");
            }
            Map<String, @Nullable Object> value = JsonValues.map(call);
            Map<String, @Nullable Object> function = JsonValues.map(call.path("function"));
            JsonNode arguments = call.path("function").path("arguments");
            function.put("arguments", arguments(message, values.size(), arguments));
            value.put("function", function);
            values.add(value);
        }
        return values;
    }

    /**
     * The arguments of an earlier call. There are none if their text is no object, as in a call
     * that {@code max_tokens} has cut: a refusal would hit every later turn of the chat, too.
     */
    private static CallArguments arguments(JsonFields message, int call, JsonNode arguments) {
        if (arguments.isObject()) {
            return new CallArguments(JsonValues.map(arguments), arguments.toString());
        }
        if (arguments.isMissingNode() || arguments.isNull()) {
            return CallArguments.NONE;
        }
        if (!arguments.isString()) {
            throw message.invalid(
                    "tool_calls[" + call + "].function.arguments",
                    arguments,
                    "a JSON object as text");
        }
        String text = arguments.stringValue();
        try {
            JsonNode parsed = ARGUMENTS.readTree(text);
            return parsed.isObject()
                    ? new CallArguments(JsonValues.map(parsed), text)
                    : CallArguments.NONE;
        } catch (JacksonException _) {
            return CallArguments.NONE;
        }
    }
}
