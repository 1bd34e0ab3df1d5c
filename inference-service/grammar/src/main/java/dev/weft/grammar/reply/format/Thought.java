package dev.weft.grammar.reply.format;

/**
 * How a model marks what it thinks before it answers.
 *
 * @param open may come at the reply's beginning
 * @param close ends a thought
 * @param begun whether the prompt has opened the thought already
 * @param told whether it holds some of the thought, too, with which the reply goes on
 */
public record Thought(String open, String close, boolean begun, boolean told) {
    /** A thought of which nothing is there. */
    public Thought(String open, String close, boolean begun) {
        this(open, close, begun, false);
    }

    /** These marks in a reply whose prompt has opened the thought, or not. */
    public Thought begun(boolean already) {
        return new Thought(open, close, already);
    }

    /** These marks in a reply that goes on with a thought. */
    public Thought goesOn() {
        return new Thought(open, close, true, true);
    }
}
