package dev.weft.chat;

import dev.weft.chat.jinja.JinjaRuntimeException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown if a template does not render a conversation. The client's request is most likely at
 * fault, so it is answered as an invalid request.
 */
public final class ChatRenderException extends RuntimeException {
    /** The reason of the failure. */
    public enum Reason {
        /** The template called {@code raise_exception}; the message is its own. */
        RAISED,
        /** The template failed, e.g. on a message without content. */
        FAILED,
        /** The template took more steps, text or nesting than it may. */
        LIMIT,
        /**
         * Its thread was interrupted: it took too long, or nobody waits for the prompt any more.
         */
        STOPPED,
        /** The template does not write the text of the last message, which goes on, as it is. */
        ANOTHER_TEXT
    }

    private final Reason reason;
    private final int line;

    private ChatRenderException(
            Reason reason, String message, int line, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
        this.line = line;
    }

    static ChatRenderException of(JinjaRuntimeException e) {
        String message = String.valueOf(e.getMessage());
        return switch (e.kind()) {
            case RAISED -> new ChatRenderException(Reason.RAISED, message, e.line(), e);
            case LIMIT -> at(Reason.LIMIT, message, e);
            case STOPPED -> at(Reason.STOPPED, message, e);
            case TYPE, VALUE, LOOKUP, OVERFLOW, ZERO_DIVISION, UNDEFINED, SECURITY, RUNTIME ->
                    at(Reason.FAILED, message, e);
        };
    }

    private static ChatRenderException at(Reason reason, String message, JinjaRuntimeException e) {
        return new ChatRenderException(
                reason,
                "the chat template can't render these messages (line " + e.line() + "): " + message,
                e.line(),
                e);
    }

    static ChatRenderException ofAnotherText() {
        return new ChatRenderException(
                Reason.ANOTHER_TEXT,
                "the chat template does not write the text of the last message as it is, so that it"
                        + " can't be continued; a thought in it may be given apart from it",
                0,
                null);
    }

    public Reason reason() {
        return reason;
    }

    /**
     * The line of the template at which rendering ended, from 1; 0 if it had not begun or had
     * ended.
     */
    public int line() {
        return line;
    }
}
