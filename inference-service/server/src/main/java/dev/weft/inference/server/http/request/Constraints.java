package dev.weft.inference.server.http.request;

import dev.weft.inference.server.completion.GenerationSettings;
import dev.weft.inference.server.constraint.AnswerRule;
import dev.weft.inference.server.constraint.Grammars;
import dev.weft.inference.server.constraint.HeldReply;
import dev.weft.inference.server.http.body.Sender;
import dev.weft.inference.server.prompt.ChatProfile;
import java.util.Optional;

/** What answers are to be: how requests say it, and the grammars that hold them to it. */
public record Constraints(ConstraintReader reader, Grammars grammars) {
    /** The settings, whose answers are held to the rule if there is one; may block to compile. */
    GenerationSettings held(
            Optional<AnswerRule> rule, GenerationSettings how, ChatProfile profile, Sender sender)
            throws InterruptedException {
        return rule.isEmpty() ? how : held(HeldReply.text(rule.get()), how, profile, sender);
    }

    /** The same for replies. */
    GenerationSettings held(
            HeldReply asked, GenerationSettings how, ChatProfile profile, Sender sender)
            throws InterruptedException {
        return how.with(grammars.constraints(asked, sender.tenant(), profile, how.stopTokens()));
    }
}
