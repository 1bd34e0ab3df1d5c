package dev.weft.inference.server.http.request.rule;

import dev.weft.inference.server.completion.GenerationSettings;
import dev.weft.inference.server.constraint.Grammars;
import dev.weft.inference.server.constraint.HeldReply;
import dev.weft.inference.server.http.body.Sender;
import dev.weft.inference.server.prompt.ChatProfile;

/** What answers are to be: how requests say it, and the grammars that hold them to it. */
public record Constraints(ConstraintReader reader, Grammars grammars) {
    /** The settings, whose answers are held to something; may block to compile it. */
    public GenerationSettings held(
            HeldReply asked, GenerationSettings how, ChatProfile profile, Sender sender)
            throws InterruptedException {
        return how.with(
                grammars.constraints(asked, sender.tenant(), profile, how.stops().tokens()));
    }
}
