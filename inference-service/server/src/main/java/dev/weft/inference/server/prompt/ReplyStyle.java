package dev.weft.inference.server.prompt;

import dev.weft.grammar.reply.format.CallSyntax;
import dev.weft.grammar.reply.format.CallSyntaxes;
import dev.weft.grammar.reply.format.Thought;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a model's replies are written.
 *
 * @param calls how it calls tools
 * @param several whether a turn of its chats may hold more than one call
 * @param thought how it marks its thoughts; null if it has none
 * @param marks ids of the added tokens in which marks of calls and thoughts are written
 * @param form how the template that renders chats with tools takes earlier calls
 */
public record ReplyStyle(
        CallSyntax calls,
        boolean several,
        @Nullable Thought thought,
        Set<Integer> marks,
        CallForm form) {
    /** The style of a model without known marks. */
    public static final ReplyStyle DEFAULT =
            new ReplyStyle(CallSyntaxes.HERMES, true, null, Set.of(), CallForm.USUAL);

    public ReplyStyle {
        marks = Set.copyOf(marks);
    }

    /**
     * The thought in a reply to a rendered prompt; null if the prompt has it closed already, or
     * ends within the answer.
     *
     * @param begun text that the reply goes on with
     */
    public @Nullable Thought thoughtBehind(String prompt, String begun) {
        Thought marked = thought;
        if (marked == null) {
            return null;
        }
        if (!begun.isBlank()) {
            int opened = begun.lastIndexOf(marked.open());
            if (opened <= begun.lastIndexOf(marked.close())) {
                return null;
            }
            boolean empty = begun.substring(opened + marked.open().length()).isBlank();
            return empty ? marked.begun(true) : marked.goesOn();
        }
        String end = prompt.stripTrailing();
        return end.endsWith(marked.close()) ? null : marked.begun(end.endsWith(marked.open()));
    }
}
