package dev.weft.inference.server.http.json;

import java.util.Map;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/**
 * Request fields of OpenAI, Anthropic and vLLM that are known and not served. Each is refused by
 * name, unless it says what happens anyway. Fields that only label a request (user, metadata,
 * store, ...) and unknown ones are ignored.
 */
public final class UnservedFields {
    /** Values that are fine, and how a message names them. */
    private record Allowed(Predicate<JsonNode> value, String text) {}

    private static final Allowed NONE = new Allowed(_ -> false, "leave it out");
    private static final Allowed FALSE =
            new Allowed(v -> v.isBoolean() && !v.booleanValue(), "false");
    private static final Allowed TRUE = new Allowed(v -> v.isBoolean() && v.booleanValue(), "true");
    private static final Allowed ONE = new Allowed(v -> v.isNumber() && v.doubleValue() == 1, "1");
    private static final Allowed ZERO = new Allowed(v -> v.isNumber() && v.doubleValue() == 0, "0");
    private static final Allowed EMPTY =
            new Allowed(
                    v -> v.isContainer() ? v.isEmpty() : v.asString("x").isEmpty(),
                    "an empty value");
    private static final Allowed TEXT_ONLY =
            new Allowed(
                    v -> v.isArray() && v.size() == 1 && v.path(0).asString("").equals("text"),
                    "[\"text\"]");
    private static final Allowed NO_CALL =
            new Allowed(
                    v -> v.asString("").equals("none") || v.asString("").equals("auto"),
                    "\"none\" or \"auto\"; use tools and tool_choice");

    private static final Allowed STATELESS =
            new Allowed(_ -> false, "leave it out; this server keeps no responses");

    /** At all interfaces: what vLLM's servers know. */
    private static final Map<String, Allowed> EVERYWHERE =
            Map.ofEntries(
                    Map.entry("best_of", ONE),
                    Map.entry("use_beam_search", FALSE),
                    Map.entry("length_penalty", ONE),
                    Map.entry("include_stop_str_in_output", FALSE),
                    Map.entry("spaces_between_special_tokens", TRUE),
                    Map.entry("truncate_prompt_tokens", NONE),
                    Map.entry("prompt_logprobs", NONE),
                    Map.entry("allowed_token_ids", NONE),
                    Map.entry("logits_processors", NONE),
                    Map.entry("guided_whitespace_pattern", NONE),
                    Map.entry("return_tokens_as_token_ids", FALSE),
                    Map.entry("return_token_ids", FALSE),
                    Map.entry("echo", FALSE),
                    Map.entry("priority", ZERO),
                    Map.entry("cache_salt", NONE),
                    Map.entry("kv_transfer_params", NONE),
                    Map.entry("lora_request", NONE),
                    Map.entry("vllm_xargs", NONE));

    private static final Map<String, Allowed> CHAT =
            Map.ofEntries(
                    Map.entry("functions", EMPTY),
                    Map.entry("function_call", NO_CALL),
                    Map.entry("modalities", TEXT_ONLY),
                    Map.entry("audio", NONE),
                    Map.entry("prediction", NONE),
                    Map.entry("verbosity", word("medium")),
                    Map.entry("web_search_options", NONE),
                    Map.entry("chat_template", NONE),
                    Map.entry("documents", EMPTY),
                    Map.entry("add_special_tokens", FALSE));

    private static final Map<String, Allowed> TEXT =
            Map.ofEntries(Map.entry("suffix", EMPTY), Map.entry("prompt_embeds", NONE));

    private static final Map<String, Allowed> TOKENS =
            Map.ofEntries(Map.entry("chat_template", NONE), Map.entry("return_token_strs", FALSE));

    private static final Map<String, Allowed> RESPONSE =
            Map.ofEntries(
                    Map.entry("previous_response_id", STATELESS),
                    Map.entry("conversation", STATELESS),
                    Map.entry("prompt", STATELESS),
                    Map.entry("max_tool_calls", STATELESS),
                    Map.entry("background", FALSE),
                    Map.entry("truncation", word("disabled")),
                    Map.entry("context_management", EMPTY),
                    Map.entry("top_logprobs", ZERO),
                    Map.entry("response_format", instead("text.format")),
                    Map.entry("image", NONE),
                    Map.entry("moderation", NONE),
                    Map.entry("access_programs", NONE));

    private static final Map<String, Allowed> RESPONSE_TEXT = Map.of("verbosity", word("medium"));

    private static final Map<String, Allowed> RESPONSE_REASONING =
            Map.of("context", word("auto"), "mode", word("standard"));

    private static final Map<String, Allowed> MESSAGE =
            Map.of(
                    "response_format",
                    instead("output_config.format"),
                    "stop",
                    instead("stop_sequences"),
                    "container",
                    NONE,
                    "mcp_servers",
                    NONE,
                    "context_management",
                    NONE,
                    "speed",
                    word("standard"),
                    "inference_geo",
                    word("global"));

    private static final Map<String, Allowed> MESSAGE_THINKING =
            Map.of(
                    "display",
                    new Allowed(
                            v ->
                                    v.asString("").equals("summarized")
                                            || v.asString("").equals("omitted"),
                            "\"summarized\" or \"omitted\""));

    private static final Map<String, Allowed> RESPONSE_TOOL =
            Map.of(
                    "async",
                    FALSE,
                    "defer_loading",
                    FALSE,
                    "allowed_callers",
                    new Allowed(
                            v -> v.size() == 1 && v.path(0).asString("").equals("direct"),
                            "[\"direct\"]"));

    private UnservedFields() {}

    private static Allowed word(String word) {
        return new Allowed(v -> v.asString("").equals(word), "\"" + word + "\"");
    }

    /** A field of another interface that this one has under another name. */
    private static Allowed instead(String name) {
        return new Allowed(_ -> false, "leave it out; use " + name);
    }

    /** Refuses fields of OpenAI's Responses API, those within other fields too. */
    public static void refuseInResponse(JsonFields fields) {
        refuse(fields, EVERYWHERE);
        refuse(fields, RESPONSE);
        fields.object("text").ifPresent(text -> refuse(text, RESPONSE_TEXT));
        fields.object("reasoning").ifPresent(how -> refuse(how, RESPONSE_REASONING));
    }

    /** Refuses fields of a tool of that API. */
    public static void refuseInTool(JsonFields tool) {
        refuse(tool, RESPONSE_TOOL);
    }

    /** Refuses fields of Anthropic's Messages API, those within {@code thinking} too. */
    public static void refuseInMessage(JsonFields fields) {
        refuse(fields, EVERYWHERE);
        refuse(fields, MESSAGE);
        fields.object("thinking").ifPresent(how -> refuse(how, MESSAGE_THINKING));
    }

    public static void refuseInChat(JsonFields fields) {
        refuse(fields, EVERYWHERE);
        refuse(fields, CHAT);
    }

    public static void refuseInText(JsonFields fields) {
        refuse(fields, EVERYWHERE);
        refuse(fields, TEXT);
    }

    /** Of {@code /tokenize}. */
    public static void refuseInTokens(JsonFields fields) {
        refuse(fields, TOKENS);
    }

    private static void refuse(JsonFields fields, Map<String, Allowed> table) {
        for (String name : fields.object().propertyNames()) {
            Allowed allowed = table.get(name);
            JsonNode value = fields.node(name);
            if (allowed != null && value != null && !allowed.value.test(value)) {
                throw fields.unsupported(name, allowed.text);
            }
        }
    }
}
