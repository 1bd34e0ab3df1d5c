package dev.weft.grammar.reply.template;

/** A response template that describes no format which replies can be held to. */
public final class UnreadTemplateException extends Exception {
    private static final long serialVersionUID = 1;

    /** Says where it is, and what is there. */
    UnreadTemplateException(String where, String what) {
        super(where + ": " + what);
    }
}
