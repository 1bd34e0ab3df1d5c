package dev.weft.inference.server.http.request.rule;

import dev.weft.inference.server.completion.GenerationSettings;
import dev.weft.inference.server.constraint.Grammars;
import dev.weft.inference.server.constraint.HeldReply;
import dev.weft.inference.server.http.body.Sender;
import dev.weft.inference.server.prompt.ChatProfile;

/** The constraints of answers: how requests ask for them, and the grammars that enforce them. */
public record Constraints(ConstraintReader reader, Grammars grammars) {
    /**
     * The settings, with a constraint for their answers. May block until its grammar is compiled.
     */
    public GenerationSettings held(
            HeldReply asked, GenerationSettings how, ChatProfile profile, Sender sender)
            throws InterruptedException {
        return how.with(
                grammars.constraints(asked, sender.tenant(), profile, how.stops().tokens()));
    }
}
