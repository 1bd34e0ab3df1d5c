package dev.weft.inference.server.http.json;

import java.util.Map;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/**
 * Request fields of OpenAI, Anthropic and vLLM that are known and not served. Each is refused by
 * name, unless its value asks for what happens anyway. Fields that only label a request (user,
 * metadata, store, ...), those of images, sounds and films, which no request can have, and unknown
 * ones are ignored.
 */
public final class UnservedFields {
    /** Values that are allowed, and how an error message names them. */
    private record Allowed(Predicate<JsonNode> value, String text) {}

    private static final Allowed NONE = new Allowed(_ -> false, "leave it out");
    private static final Allowed FALSE =
            new Allowed(v -> v.isBoolean() && !v.booleanValue(), "false");
    private static final Allowed TRUE = new Allowed(v -> v.isBoolean() && v.booleanValue(), "true");
    private static final Allowed ONE = new Allowed(v -> isNumber(v, 1), "1");
    private static final Allowed ZERO = new Allowed(v -> isNumber(v, 0), "0");
    private static final Allowed EMPTY =
            new Allowed(
                    v -> v.isContainer() ? v.isEmpty() : v.asString("x").isEmpty(),
                    "an empty value");
    private static final Allowed TEXT_ONLY =
            new Allowed(
                    v -> v.isArray() && v.size() == 1 && v.path(0).asString("").equals("text"),
                    "[\"text\"]");

    /** The byte order of the processors that there are kernels for. */
    private static final Allowed LITTLE =
            new Allowed(
                    v -> v.asString("").equals("little") || v.asString("").equals("native"),
                    "\"little\" or \"native\"");

    private static final Allowed NO_CALL =
            new Allowed(
                    v -> v.asString("").equals("none") || v.asString("").equals("auto"),
                    "\"none\" or \"auto\"; use tools and tool_choice");

    /** vLLM's value for no bound. */
    private static final Allowed NO_BOUND =
            new Allowed(
                    v -> v.isIntegralNumber() && isNumber(v, -1),
                    "-1; /v1/chat/completions ends thoughts");

    private static final Allowed STATELESS =
            new Allowed(_ -> false, "leave it out; this server keeps no responses");

    /**
     * Fields that vLLM's servers know, for all interfaces but {@code /tokenize} and {@code
     * /detokenize}.
     */
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
                    Map.entry("logprob_token_ids", EMPTY),
                    Map.entry("repetition_detection", NONE),
                    Map.entry("stream_interval", ONE),
                    Map.entry("watermarking", FALSE),
                    Map.entry("return_token_offsets", FALSE),
                    Map.entry("return_prompt_text", FALSE),
                    Map.entry("routed_experts_prompt_start", ZERO),
                    Map.entry("guided_whitespace_pattern", NONE),
                    Map.entry("return_tokens_as_token_ids", FALSE),
                    Map.entry("return_token_ids", FALSE),
                    Map.entry("echo", FALSE),
                    Map.entry("priority", ZERO),
                    Map.entry("cache_salt", NONE),
                    Map.entry("kv_transfer_params", NONE),
                    Map.entry("ec_transfer_params", NONE),
                    Map.entry("lora_request", NONE),
                    Map.entry("vllm_xargs", NONE));

    private static final Map<String, Allowed> CHAT =
            Map.ofEntries(
                    Map.entry("functions", EMPTY),
                    Map.entry("function_call", NO_CALL),
                    Map.entry("modalities", TEXT_ONLY),
                    Map.entry("audio", NONE),
                    Map.entry("prediction", NONE),
                    Map.entry("moderation", NONE),
                    Map.entry("verbosity", word("medium")),
                    Map.entry("web_search_options", NONE),
                    Map.entry("chat_template", NONE),
                    Map.entry("documents", EMPTY),
                    Map.entry("add_special_tokens", FALSE));

    private static final Map<String, Allowed> TEXT =
            Map.ofEntries(
                    Map.entry("suffix", EMPTY),
                    Map.entry("prompt_embeds", NONE),
                    Map.entry("thinking_token_budget", NO_BOUND));

    private static final Map<String, Allowed> TOKENS =
            Map.ofEntries(Map.entry("chat_template", NONE), Map.entry("return_token_strs", FALSE));

    private static final Map<String, Allowed> RESPONSE =
            Map.ofEntries(
                    Map.entry("previous_response_id", STATELESS),
                    Map.entry("conversation", STATELESS),
                    Map.entry("prompt", STATELESS),
                    Map.entry("max_tool_calls", STATELESS),
                    Map.entry("background", FALSE),
                    Map.entry("background_options", NONE),
                    Map.entry("previous_input_messages", EMPTY),
                    Map.entry("enable_response_messages", FALSE),
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

    private static final Map<String, Allowed> RESPONSE_CACHE = Map.of("prewarm", FALSE);

    private static final Map<String, Allowed> MESSAGE =
            Map.ofEntries(
                    Map.entry("response_format", instead("output_config.format")),
                    Map.entry("stop", instead("stop_sequences")),
                    Map.entry("container", NONE),
                    Map.entry("mcp_servers", NONE),
                    Map.entry("context_management", NONE),
                    Map.entry("compaction", NONE),
                    Map.entry("thread", STATELESS),
                    Map.entry("speed", word("standard")),
                    Map.entry("inference_geo", word("global")));

    private static final Map<String, Allowed> MESSAGE_OUTPUT = Map.of("task_budget", NONE);

    private static final Map<String, Allowed> MESSAGE_THINKING =
            Map.of(
                    "block_binding",
                    NONE,
                    "display",
                    new Allowed(
                            v ->
                                    v.asString("").equals("summarized")
                                            || v.asString("").equals("omitted"),
                            "\"summarized\" or \"omitted\""));

    private static final Map<String, Allowed> TOOL =
            Map.of(
                    "async",
                    FALSE,
                    "defer_loading",
                    FALSE,
                    "input_examples",
                    EMPTY,
                    "allowed_callers",
                    new Allowed(
                            v -> v.size() == 1 && v.path(0).asString("").equals("direct"),
                            "[\"direct\"]"));

    /**
     * Fields of requests for vectors and scores. No template is rendered for these, and no text is
     * cut.
     */
    private static final Map<String, Allowed> POOLED =
            Map.ofEntries(
                    Map.entry("messages", NONE),
                    Map.entry("chat_template", NONE),
                    Map.entry("chat_template_kwargs", EMPTY),
                    Map.entry("add_generation_prompt", FALSE),
                    Map.entry("continue_final_message", FALSE),
                    Map.entry("instruction", EMPTY),
                    Map.entry("items", instead("documents")),
                    Map.entry("softmax", NONE),
                    Map.entry("activation", NONE),
                    Map.entry("max_tokens_per_query", ZERO),
                    Map.entry("max_tokens_per_doc", ZERO),
                    Map.entry("padding", word("do_not_pad")),
                    Map.entry("embed_dtype", word("float32")),
                    Map.entry("endianness", LITTLE));

    private UnservedFields() {}

    /** Whether a value is {@code number}; one that no double holds never is. */
    private static boolean isNumber(JsonNode value, int number) {
        return value.isNumber() && value.doubleValue(Double.NaN) == number;
    }

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
        fields.object("prompt_cache_options").ifPresent(how -> refuse(how, RESPONSE_CACHE));
    }

    /** Refuses fields of a tool of that API, or of Anthropic's. */
    public static void refuseInTool(JsonFields tool) {
        refuse(tool, TOOL);
    }

    /** Refuses fields of Anthropic's Messages API, those within other fields too. */
    public static void refuseInMessage(JsonFields fields) {
        refuse(fields, EVERYWHERE);
        refuse(fields, MESSAGE);
        fields.object("thinking").ifPresent(how -> refuse(how, MESSAGE_THINKING));
        fields.object("output_config").ifPresent(how -> refuse(how, MESSAGE_OUTPUT));
    }

    public static void refuseInChat(JsonFields fields) {
        refuse(fields, EVERYWHERE);
        refuse(fields, CHAT);
    }

    public static void refuseInText(JsonFields fields) {
        refuse(fields, EVERYWHERE);
        refuse(fields, TEXT);
    }

    /**
     * Refuses fields of {@code /v1/embeddings}, {@code /v1/score}, {@code /v1/rerank} and {@code
     * /v1/classify}.
     */
    public static void refuseInPooled(JsonFields fields) {
        refuse(fields, EVERYWHERE);
        refuse(fields, POOLED);
    }

    /** Refuses fields of {@code /tokenize}. */
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
