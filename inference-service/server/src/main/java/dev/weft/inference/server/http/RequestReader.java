package dev.weft.inference.server.http;

import dev.weft.inference.server.completion.CompletionRequest;
import dev.weft.inference.server.completion.GenerationSettings;
import dev.weft.inference.server.models.ModelDirectory;
import dev.weft.inference.server.models.ServedModel;
import dev.weft.inference.server.prompt.ChatProfile;
import dev.weft.inference.server.prompt.ChatProfiles;
import dev.weft.inference.server.residency.Deadline;
import dev.weft.inference.server.text.Tokenizer;
import dev.weft.model.error.ApiException;
import dev.weft.model.error.ErrorCode;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * From the body of a request to what the engine is asked: fields checked, chat rendered, text
 * tokenised, lengths held against the context. Blocks where an adapter's files must be fetched:
 * call it on a virtual thread.
 */
final class RequestReader {
    /** OpenAI's default for plain completions. */
    private static final int DEFAULT_TEXT_TOKENS = 16;

    private static final int MOST_CHOICES = 128;
    private static final int MOST_TOP = 20;
    private static final String PROMPT_FORMS =
            "a string, a list of strings, a list of token ids, or a list of lists of token ids";

    private final ModelDirectory models;
    private final ChatProfiles profiles;
    private final Tokenizer tokenizer;
    private final SettingsReader settings;
    private final ContextBudget budget;
    private final Duration adapterTimeout;
    private final Clock clock;

    RequestReader(
            ModelDirectory models,
            ChatProfiles profiles,
            Tokenizer tokenizer,
            SettingsReader settings,
            ContextBudget budget,
            Duration adapterTimeout,
            Clock clock) {
        this.models = models;
        this.profiles = profiles;
        this.tokenizer = tokenizer;
        this.settings = settings;
        this.budget = budget;
        this.adapterTimeout = adapterTimeout;
        this.clock = clock;
    }

    /** Reads a body of {@code /v1/chat/completions}. */
    Prepared chat(byte[] body, @Nullable String adapterHeader) throws InterruptedException {
        JsonFields fields = JsonFields.parse(body);
        ServedModel model = model(fields, adapterHeader);
        UnservedFields.refuseInChat(fields);
        var conversation = ConversationReader.read(fields);
        int choices = choices(fields, 1);
        Integer requested = fields.integer("max_completion_tokens", 1, Integer.MAX_VALUE);
        Integer older = fields.integer("max_tokens", 1, Integer.MAX_VALUE);
        int top = chatScores(fields);
        Stream stream = Stream.of(fields);
        Deadline deadline = Deadline.after(adapterTimeout, clock);
        // every field is checked before anything is waited for
        settings.read(fields, List.of(), top);
        ChatProfile profile = profiles.of(model.adapter(), deadline);
        List<Integer> tokens = tokens(tokenizer.encode(profile.render(conversation), false));
        int most = budget.forMessages(tokens.size(), requested == null ? older : requested);
        GenerationSettings how = settings.read(fields, profile.endTokens(), top);
        AnswerHead head = head("chatcmpl-", model, stream);
        return new Prepared(
                request(head, model, List.of(prompt(tokens, most, how)), choices, how, deadline),
                new ChatFormat(head, choices, scores(top)),
                stream.wanted,
                stream.usage);
    }

    /** Reads a body of {@code /v1/completions}. */
    Prepared text(byte[] body, @Nullable String adapterHeader) throws InterruptedException {
        JsonFields fields = JsonFields.parse(body);
        ServedModel model = model(fields, adapterHeader);
        UnservedFields.refuseInText(fields);
        Integer requested = fields.integer("max_tokens", 1, Integer.MAX_VALUE);
        Integer scored = fields.integer("logprobs", 0, MOST_TOP);
        int top = scored == null ? -1 : scored;
        Stream stream = Stream.of(fields);
        Deadline deadline = Deadline.after(adapterTimeout, clock);
        List<List<Integer>> prompts = prompts(fields);
        int choices = choices(fields, prompts.size());
        settings.read(fields, List.of(), top);
        ChatProfile profile = profiles.of(model.adapter(), deadline);
        GenerationSettings how = settings.read(fields, profile.endTokens(), top);
        List<CompletionRequest.Prompt> checked = new ArrayList<>();
        for (List<Integer> tokens : prompts) {
            int most = budget.forPrompt(tokens.size(), requested, DEFAULT_TEXT_TOKENS);
            checked.add(prompt(tokens, most, how));
        }
        AnswerHead head = head("cmpl-", model, stream);
        return new Prepared(
                request(head, model, checked, choices, how, deadline),
                new TextFormat(head, scores(top)),
                stream.wanted,
                stream.usage);
    }

    /** Reads a body of {@code /tokenize}: the tokens that a request with this prompt would have. */
    List<Integer> tokenize(byte[] body, @Nullable String adapterHeader)
            throws InterruptedException {
        JsonFields fields = JsonFields.parse(body);
        ServedModel model = optionalModel(fields, adapterHeader);
        if (!fields.has("messages")) {
            JsonNode prompt = fields.required("prompt", "a string, or messages instead");
            if (!prompt.isString()) {
                throw fields.invalid("prompt", prompt, "a string, or messages instead");
            }
            boolean special = fields.flag("add_special_tokens", true);
            return tokenizer.encode(prompt.stringValue(), special);
        }
        var conversation = ConversationReader.read(fields);
        boolean special = fields.flag("add_special_tokens", false);
        Deadline deadline = Deadline.after(adapterTimeout, clock);
        ChatProfile profile = profiles.of(model.adapter(), deadline);
        return tokenizer.encode(profile.render(conversation), special);
    }

    /** Reads a body of {@code /detokenize}. */
    String detokenize(byte[] body, @Nullable String adapterHeader) {
        JsonFields fields = JsonFields.parse(body);
        optionalModel(fields, adapterHeader);
        fields.required("tokens", "a list of token ids");
        return tokenizer.decode(fields.tokens("tokens", settings.vocabulary()));
    }

    private ServedModel model(JsonFields fields, @Nullable String adapterHeader) {
        fields.required("model", "the name of a model, as /v1/models lists them");
        return models.resolve(fields.text("model").orElseThrow(), adapterHeader);
    }

    /** As in vLLM the model may be left out here: the base is meant. */
    private ServedModel optionalModel(JsonFields fields, @Nullable String adapterHeader) {
        return fields.has("model") ? model(fields, adapterHeader) : new ServedModel("", null);
    }

    private CompletionRequest request(
            AnswerHead head,
            ServedModel model,
            List<CompletionRequest.Prompt> prompts,
            int choices,
            GenerationSettings how,
            Deadline deadline) {
        return new CompletionRequest(head.id(), model.adapter(), prompts, choices, how, deadline);
    }

    private static CompletionRequest.Prompt prompt(
            List<Integer> tokens, int maxTokens, GenerationSettings how) {
        if (how.minTokens() > maxTokens) {
            throw new ApiException(
                    ErrorCode.INVALID_VALUE,
                    "Invalid value for 'min_tokens': "
                            + how.minTokens()
                            + "; allowed: an integer from 0 to "
                            + maxTokens
                            + ", the number of tokens that may be produced",
                    "min_tokens");
        }
        return new CompletionRequest.Prompt(tokens, maxTokens);
    }

    private static int choices(JsonFields fields, int prompts) {
        Integer n = fields.integer("n", 1, Math.max(1, MOST_CHOICES / prompts));
        return n == null ? 1 : n;
    }

    private static int chatScores(JsonFields fields) {
        Integer top = fields.integer("top_logprobs", 0, MOST_TOP);
        boolean wanted = fields.flag("logprobs", false);
        if (top != null && !wanted) {
            throw new ApiException(
                    ErrorCode.INVALID_VALUE,
                    "Invalid value for 'top_logprobs': "
                            + top
                            + "; allowed: only with"
                            + " \"logprobs\": true",
                    "top_logprobs");
        }
        return wanted ? (top == null ? 0 : top) : -1;
    }

    private @Nullable LogProbabilities scores(int top) {
        return top < 0 ? null : new LogProbabilities(tokenizer, top);
    }

    private List<List<Integer>> prompts(JsonFields fields) {
        JsonNode prompt = fields.required("prompt", PROMPT_FORMS);
        if (prompt.isString()) {
            return List.of(tokens(tokenizer.encode(prompt.stringValue(), true)));
        }
        if (!prompt.isArray() || prompt.isEmpty()) {
            throw fields.invalid("prompt", prompt, PROMPT_FORMS);
        }
        if (prompt.get(0).isNumber()) {
            return List.of(fields.tokens("prompt", prompt, settings.vocabulary()));
        }
        if (prompt.size() > MOST_CHOICES) {
            throw fields.invalid("prompt", prompt, "at most " + MOST_CHOICES + " prompts");
        }
        List<List<Integer>> prompts = new ArrayList<>();
        for (JsonNode one : prompt) {
            prompts.add(one(fields, "prompt[" + prompts.size() + "]", one));
        }
        return prompts;
    }

    private List<Integer> one(JsonFields fields, String name, JsonNode prompt) {
        if (prompt.isString()) {
            return tokens(tokenizer.encode(prompt.stringValue(), true));
        }
        if (!prompt.isArray()) {
            throw fields.invalid(name, prompt, PROMPT_FORMS);
        }
        return tokens(fields.tokens(name, prompt, settings.vocabulary()));
    }

    private static List<Integer> tokens(List<Integer> tokens) {
        if (tokens.isEmpty()) {
            throw new ApiException(
                    ErrorCode.INVALID_VALUE,
                    "The prompt has no tokens; allowed: at least one",
                    "prompt");
        }
        return tokens;
    }

    private AnswerHead head(String prefix, ServedModel model, Stream stream) {
        return new AnswerHead(
                prefix + UUID.randomUUID().toString().replace("-", ""),
                clock.instant().getEpochSecond(),
                model.name(),
                stream.usage);
    }

    /** {@code stream} and {@code stream_options}. */
    private record Stream(boolean wanted, boolean usage) {
        static Stream of(JsonFields fields) {
            boolean wanted = fields.flag("stream", false);
            JsonFields options = fields.object("stream_options").orElse(null);
            if (options == null) {
                return new Stream(wanted, false);
            }
            if (!wanted) {
                throw fields.invalid(
                        "stream_options", options.object(), "only with \"stream\": true");
            }
            if (options.flag("continuous_usage_stats", false)) {
                throw options.unsupported("continuous_usage_stats", "false");
            }
            return new Stream(true, options.flag("include_usage", false));
        }
    }
}
