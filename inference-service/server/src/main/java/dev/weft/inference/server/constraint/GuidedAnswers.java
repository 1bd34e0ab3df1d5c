package dev.weft.inference.server.constraint;

import dev.weft.grammar.limit.GrammarOptions;
import dev.weft.inference.engine.constraint.AnswerGuide;
import dev.weft.inference.engine.constraint.GuideException;
import dev.weft.inference.engine.constraint.GuideRules;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import java.util.Optional;

/** Refuses forms of answers that an engine's own grammar does not hold answers to. */
public final class GuidedAnswers {
    private GuidedAnswers() {}

    /**
     * Checks a rule.
     *
     * @throws ApiException names the field, and in a schema the JSON pointer and the keyword
     */
    public static void check(AnswerRule rule, GuideRules guides) {
        Optional<AnswerGuide> guide = rule.form().guide();
        if (guide.isEmpty()) {
            throw refused(
                    rule,
                    "",
                    "this worker's engine does not hold answers to this form; allowed: JSON, a"
                            + " regular expression or a choice");
        }
        if (rule.whitespace() != GrammarOptions.Whitespace.BOUNDED) {
            throw refused(
                    rule,
                    "",
                    "this worker's engine writes JSON with whitespace; allowed: leave it so");
        }
        try {
            guides.check(guide.get());
        } catch (GuideException e) {
            throw refused(
                    rule,
                    RefusedGrammars.where(e.pointer(), e.keyword()),
                    String.valueOf(e.getMessage()));
        }
    }

    private static ApiException refused(AnswerRule rule, String where, String why) {
        return new ApiException(
                ErrorCode.UNSUPPORTED_PARAMETER,
                StrictSchema.shortened(rule.subject() + where + ": " + why),
                rule.field());
    }
}
