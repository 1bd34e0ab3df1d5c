package dev.weft.grammar.reply.parser;

/** A piece of a reply. */
public sealed interface ReplyPart {
    /** Text for the reader. */
    record Text(String text) implements ReplyPart {}

    /** A piece of a thought. */
    record Thinking(String text) implements ReplyPart {}

    /**
     * A call begins.
     *
     * @param call number of the call in its reply, from 0
     */
    record CallBegin(int call, String name) implements ReplyPart {}

    /**
     * A piece of a call's arguments.
     *
     * @param json the pieces together are a JSON object, if the reply is complete
     */
    record CallArguments(int call, String json) implements ReplyPart {}
}
