package dev.weft.inference.server.constraint;

import dev.weft.grammar.Grammar;
import dev.weft.grammar.limit.GrammarException;
import dev.weft.grammar.limit.GrammarOptions;
import dev.weft.grammar.reply.format.ReplyRule;
import dev.weft.grammar.reply.format.Thought;
import dev.weft.grammar.reply.format.Tool;
import dev.weft.inference.engine.constraint.AnswerGuide;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The rules that a request's replies have to follow: one for the reply, one for its text, or both.
 *
 * @param reply what may come before text, or in its place
 * @param text the form that the text has to have
 * @param thoughtTokens the number of tokens after which a thought has to end
 * @param complete whether the reply has to end within the tokens that it may have
 * @param toolFields the request's fields that hold the schemas of tools, by the tools' names
 */
public record HeldReply(
        @Nullable ReplyRule reply,
        @Nullable AnswerRule text,
        int thoughtTokens,
        boolean complete,
        Map<String, String> toolFields) {
    /** Text alone. */
    public static HeldReply text(AnswerRule text, boolean complete) {
        return new HeldReply(null, text, Integer.MAX_VALUE, complete, Map.of());
    }

    public HeldReply {
        toolFields = Map.copyOf(toolFields);
        if (reply == null && text == null) {
            throw new IllegalArgumentException("a reply that is held to nothing");
        }
    }

    AnswerForm.Kind kind() {
        if (reply != null && reply.calls() != null) {
            return AnswerForm.Kind.TOOLS;
        }
        return text == null ? AnswerForm.Kind.REASONING : text.form().kind();
    }

    GrammarOptions.Whitespace whitespace() {
        return text == null ? GrammarOptions.Whitespace.BOUNDED : text.whitespace();
    }

    GrammarOptions.KeyOrder keyOrder() {
        return text == null ? GrammarOptions.KeyOrder.ANY : text.keyOrder();
    }

    /** How numbers of the text are written; those of arguments are typed in any case. */
    GrammarOptions.Numbers numbers() {
        return text == null ? GrammarOptions.Numbers.ANY : text.numbers();
    }

    /**
     * The guide for an engine's own grammar, if only the text has a rule and there is such a guide.
     */
    Optional<AnswerGuide> guide() {
        return reply == null && text != null ? text.form().guide() : Optional.empty();
    }

    /** The text that tells these rules from others of their kind. */
    String key() {
        StringBuilder key = new StringBuilder();
        if (text != null) {
            part(key, text.form().kind().name());
            part(key, text.form().text());
        }
        if (reply != null && reply.thought() != null) {
            Thought thought = reply.thought();
            part(key, thought.open() + ' ' + thought.close() + ' ' + thought.begun());
        }
        if (reply != null && reply.calls() != null) {
            ReplyRule.Calls calls = reply.calls();
            part(key, calls.syntax().toString() + calls.required() + calls.several());
            for (Tool tool : calls.tools()) {
                part(key, tool.name());
                part(key, tool.strict() + tool.parameters().toString());
            }
        }
        return key.toString();
    }

    private static void part(StringBuilder key, String part) {
        key.append(part.length()).append(':').append(part);
    }

    /**
     * Compiles the rules into one grammar.
     *
     * @throws GrammarException if it is not served, wrong, or too much
     */
    Grammar compile(GrammarOptions options) throws GrammarException {
        if (reply == null && text != null) {
            return Grammar.of(text.form().rule(), options);
        }
        return Grammar.reply(
                reply == null ? new ReplyRule(null, null) : reply,
                text == null ? null : text.form().rule(),
                options);
    }
}
