package dev.weft.inference.server.http.request;

import dev.weft.inference.server.completion.CompletionRequest;
import dev.weft.inference.server.completion.GenerationSettings;
import dev.weft.inference.server.constraint.AnswerRule;
import dev.weft.inference.server.constraint.HeldReply;
import dev.weft.inference.server.http.body.Sender;
import dev.weft.inference.server.http.format.AnswerHead;
import dev.weft.inference.server.http.format.TextFormat;
import dev.weft.inference.server.http.json.JsonFields;
import dev.weft.inference.server.http.json.UnservedFields;
import dev.weft.inference.server.models.ResolvedModel;
import dev.weft.inference.server.prompt.ChatProfile;
import dev.weft.inference.server.residency.artifact.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads bodies of {@code /v1/completions}. Blocks if an adapter's files must be fetched (it may
 * bring an end token of its own): call it on a virtual thread.
 */
public record PromptRequests(Serving serving) {
    /** OpenAI's default. */
    private static final int DEFAULT_TOKENS = 16;

    private static final String PROMPT_FORMS =
            "a string, a list of strings, a list of token ids, or a list of lists of token ids";

    public Prepared read(byte[] body, Sender sender) throws InterruptedException {
        long arrived = System.nanoTime();
        JsonFields fields = JsonFields.parse(body);
        ResolvedModel model = serving.models().of(fields, sender.adapter());
        UnservedFields.refuseInText(fields);
        Integer requested = fields.integer("max_tokens", 1, Integer.MAX_VALUE);
        Integer scored = fields.integer("logprobs", 0, Serving.MOST_TOP);
        int top = scored == null ? -1 : scored;
        StreamOptions stream = StreamOptions.read(fields);
        List<List<Integer>> prompts = prompts(fields, requested);
        int choices = serving.choices(fields, prompts.size());
        serving.settings().read(fields, List.of(), top);
        Optional<AnswerRule> rule = serving.constraints().reader().read(fields);
        boolean complete = serving.constraints().reader().complete(fields, rule.isPresent());
        Deadline deadline = serving.chats().adapterDeadline();
        serving.models().tasks().requireText(model, deadline);
        ChatProfile profile = serving.chats().profiles().of(model.adapter(), deadline);
        GenerationSettings how = serving.settings().read(fields, profile.endTokens(), top);
        if (rule.isPresent()) {
            HeldReply held = HeldReply.text(rule.get(), complete);
            how = serving.constraints().held(held, how, profile, sender);
        }
        AnswerHead head = serving.answers().head("cmpl-", model, stream);
        return new Prepared(
                model,
                new CompletionRequest(
                        head.id(),
                        model.adapter(),
                        serving.models().prefixes().owner(sender.tenant(), model),
                        new CompletionRequest.Choices(limited(prompts, requested, how), choices),
                        how,
                        new CompletionRequest.Timing(arrived, deadline)),
                new TextFormat(head, serving.answers().scores(top)),
                stream);
    }

    private List<CompletionRequest.Prompt> limited(
            List<List<Integer>> prompts, @Nullable Integer requested, GenerationSettings how) {
        List<CompletionRequest.Prompt> limited = new ArrayList<>();
        for (List<Integer> tokens : prompts) {
            int most =
                    serving.encoder().budget().forPrompt(tokens.size(), requested, DEFAULT_TOKENS);
            limited.add(Serving.prompt(tokens, most, how));
        }
        return limited;
    }

    private List<List<Integer>> prompts(JsonFields fields, @Nullable Integer requested)
            throws InterruptedException {
        JsonNode prompt = fields.required("prompt", PROMPT_FORMS);
        boolean special = fields.flag("add_special_tokens", true);
        if (prompt.isString() || (prompt.isArray() && prompt.path(0).isNumber())) {
            return List.of(one(fields, "prompt", prompt, special));
        }
        if (!prompt.isArray() || prompt.isEmpty()) {
            throw fields.invalid("prompt", prompt, PROMPT_FORMS);
        }
        if (prompt.size() > Serving.MOST_CHOICES) {
            throw fields.invalid("prompt", prompt, "at most " + Serving.MOST_CHOICES + " prompts");
        }
        List<List<Integer>> prompts = new ArrayList<>();
        for (JsonNode one : prompt) {
            List<Integer> tokens = one(fields, "prompt[" + prompts.size() + "]", one, special);
            // before the next one is tokenised
            int _ = serving.encoder().budget().forPrompt(tokens.size(), requested, DEFAULT_TOKENS);
            prompts.add(tokens);
        }
        return prompts;
    }

    private List<Integer> one(JsonFields fields, String name, JsonNode prompt, boolean special)
            throws InterruptedException {
        if (prompt.isString()) {
            return serving.encoder().prompt(prompt.stringValue(), special, name);
        }
        if (!prompt.isArray()) {
            throw fields.invalid(name, prompt, PROMPT_FORMS);
        }
        List<Integer> tokens = fields.tokens(name, prompt, serving.settings().vocabulary());
        if (tokens.isEmpty()) {
            throw PromptEncoder.noTokens(name);
        }
        return tokens;
    }
}
