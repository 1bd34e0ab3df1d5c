package dev.weft.inference.server.http.request;

import dev.weft.grammar.reply.format.ReplyRule;
import dev.weft.grammar.reply.format.Thought;
import dev.weft.grammar.reply.format.Tool;
import dev.weft.inference.server.completion.ReplyReading;
import dev.weft.inference.server.constraint.AnswerRule;
import dev.weft.inference.server.constraint.HeldReply;
import dev.weft.inference.server.http.json.JsonFields;
import dev.weft.inference.server.http.request.rule.ConstraintReader;
import dev.weft.inference.server.prompt.Conversation;
import dev.weft.inference.server.prompt.ReplyStyle;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The form that a chat asks its replies to have.
 *
 * @param text the form that the text has to have; empty for any
 * @param thoughts whether the client gets thoughts
 * @param thoughtTokens the number of tokens after which a thought has to end; null for no bound
 * @param complete whether replies have to end within the tokens that they may have
 */
record AskedReply(
        AskedTools tools,
        Optional<AnswerRule> text,
        boolean thoughts,
        @Nullable Integer thoughtTokens,
        boolean complete) {
    private static final String BUDGET = "thinking_token_budget";
    static final String NOT_HELD = "; this worker's engine can't constrain answers";

    static AskedReply read(JsonFields fields, ConstraintReader constraints) {
        AskedTools tools = ToolReader.read(fields);
        Integer asked = fields.integer(BUDGET, -1, Integer.MAX_VALUE);
        // as vLLM: -1 is no bound
        Integer budget = asked == null || asked < 0 ? null : asked;
        if (!constraints.served()) {
            refuseWhatIsNotHeld(fields, tools, budget);
        }
        Optional<AnswerRule> text = constraints.read(fields);
        return new AskedReply(
                tools,
                text,
                fields.flag("include_reasoning", true),
                budget,
                constraints.complete(fields, text.isPresent() || !tools.callable().isEmpty()));
    }

    /** Refuses fields that only an engine that can constrain answers can enforce. */
    private static void refuseWhatIsNotHeld(
            JsonFields fields, AskedTools tools, @Nullable Integer budget) {
        if (tools.required()) {
            throw fields.unsupported("tool_choice", "\"none\" or \"auto\"" + NOT_HELD);
        }
        if (budget != null) {
            throw fields.unsupported(BUDGET, "-1" + NOT_HELD);
        }
        if (!tools.callable().isEmpty() && !tools.several()) {
            throw new ApiException(
                    ErrorCode.UNSUPPORTED_PARAMETER,
                    "Unsupported parameter: 'parallel_tool_calls'; allowed: several calls"
                            + NOT_HELD,
                    "parallel_tool_calls");
        }
        Set<String> strict =
                tools.callable().stream()
                        .filter(Tool::strict)
                        .map(Tool::name)
                        .collect(Collectors.toSet());
        int index = 0;
        for (JsonNode tool : fields.object().path("tools")) {
            JsonNode function = tool.path("function");
            if (strict.contains(function.path("name").asString(""))) {
                throw new JsonFields(function, "tools[" + index + "].function.")
                        .unsupported("strict", "false" + NOT_HELD);
            }
            index++;
        }
    }

    /** Refuses calls that have to be the whole reply, if it goes on with a message. */
    void checkEnding(JsonFields fields, Conversation.Ending ending) {
        if (ending == Conversation.Ending.CONTINUED && tools.required()) {
            throw fields.unsupported(
                    "tool_choice",
                    "\"none\" or \"auto\" if '" + EndingReader.CONTINUES + "' is true");
        }
    }

    /**
     * The rule of replies to a prompt by a model of some style.
     *
     * @param begun text that the reply goes on with, at the prompt's end
     */
    ReplyRule rule(ReplyStyle style, String prompt, String begun) {
        Thought thought = style.thoughtBehind(prompt, begun);
        // behind a thought the answer has not begun yet
        String answer = thought == null ? begun : "";
        return new ReplyRule(tools.callsBehind(answer, style), thought, held());
    }

    private ReplyRule.Text held() {
        AnswerRule rule = text.orElse(null);
        if (rule == null || tools.required()) {
            return ReplyRule.Text.FREE;
        }
        return switch (rule.form().kind()) {
            case REGEX, CHOICE, GRAMMAR -> ReplyRule.Text.EXACT;
            case JSON_OBJECT, JSON_SCHEMA, STRUCTURAL_TAG, TOOLS, REASONING ->
                    ReplyRule.Text.FORMED;
        };
    }

    /** How replies are read. */
    ReplyReading reading(ReplyRule rule, ReplyStyle style, ReplyReading plain) {
        return rule.calls() == null && rule.thought() == null
                ? plain
                : new ReplyReading(
                        plain.skipSpecialTokens(),
                        style.marks(),
                        rule,
                        tools.choice() != AskedTools.Choice.NAMED,
                        thoughts);
    }

    /**
     * The rules that replies have to follow; null for none.
     *
     * @param served whether the engine can constrain answers
     */
    @Nullable HeldReply held(ReplyRule rule, boolean served) {
        boolean bounded = thoughtTokens != null && rule.thought() != null;
        boolean plain = rule.calls() == null && rule.thought() == null;
        if (!served && text.isPresent() && !plain) {
            throw new ApiException(
                    ErrorCode.UNSUPPORTED_PARAMETER,
                    "Unsupported parameter: '%s' together with %s; allowed: one of them, as this worker's engine holds an answer to its form from its beginning"
                            .formatted(
                                    text.get().field(),
                                    rule.calls() == null ? "a model that thinks" : "tools"),
                    text.get().field());
        }
        boolean held = text.isPresent() || (served && (rule.calls() != null || bounded));
        if (!held) {
            return null;
        }
        return new HeldReply(
                plain ? null : rule,
                tools.required() ? null : text.orElse(null),
                thoughtTokens == null ? Integer.MAX_VALUE : thoughtTokens,
                complete,
                tools.schemaFields());
    }
}
