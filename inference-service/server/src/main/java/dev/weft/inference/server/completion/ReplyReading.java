package dev.weft.inference.server.completion;

import dev.weft.grammar.reply.format.ReplyRule;
import java.util.Set;

/**
 * How a reply's tokens become what its client gets.
 *
 * @param skipSpecialTokens whether special tokens add no text
 * @param shown special tokens that add text all the same: the marks of calls and thoughts
 * @param rule how the text is split into thoughts, calls and plain text
 * @param endsAsCalls whether a reply that has called tools says so as the reason for its end
 * @param thoughts whether the client gets thoughts
 */
public record ReplyReading(
        boolean skipSpecialTokens,
        Set<Integer> shown,
        ReplyRule rule,
        boolean endsAsCalls,
        boolean thoughts) {
    /** All of a reply is text. */
    public static ReplyReading text(boolean skipSpecialTokens) {
        return new ReplyReading(
                skipSpecialTokens, Set.of(), new ReplyRule(null, null), false, false);
    }

    public ReplyReading {
        shown = Set.copyOf(shown);
    }

    /** Whether the whole reply is plain text. */
    public boolean isText() {
        return rule.calls() == null && rule.thought() == null;
    }
}
