package dev.weft.inference.server.completion;

import dev.weft.grammar.reply.format.ReplyRule;
import java.util.Set;

/**
 * How a reply's tokens become what its reader gets.
 *
 * @param skipSpecialTokens special tokens add no text
 * @param shown special tokens that add text all the same: the marks of calls and thoughts
 * @param rule what the text is taken apart by
 * @param endsAsCalls whether a reply that has called tools says so as the reason for its end
 * @param thoughts whether the reader gets thoughts
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

    /** Whether there is nothing to take apart. */
    public boolean isText() {
        return rule.calls() == null && rule.thought() == null;
    }
}
