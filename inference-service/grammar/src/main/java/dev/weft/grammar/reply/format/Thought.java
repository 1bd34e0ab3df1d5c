package dev.weft.grammar.reply.format;

/**
 * How a model marks what it thinks before it answers.
 *
 * @param open may come at the reply's beginning
 * @param close ends a thought
 * @param begun whether the prompt has opened the thought already
 */
public record Thought(String open, String close, boolean begun) {
    /** These marks in a reply whose prompt has opened the thought, or not. */
    public Thought begun(boolean already) {
        return new Thought(open, close, already);
    }
}
