package dev.weft.protocol.usage;

import dev.weft.protocol.error.ErrorCode;
import dev.weft.protocol.sse.EventWriter;

/**
 * The protocol by which a worker reports token counts and errors to a gateway. A gateway asks with
 * the request header {@link #ASK}: {@link #ASKED}. An answer in one piece then has {@link #USAGE}
 * in its head, an error has {@link #ERROR}. A stream has them as comment lines. {@code : weft-usage
 * 12 34} is the first line of an event and counts the tokens produced once that event is sent (with
 * several choices their number follows). {@code : weft-error CODE} comes before the event that
 * reports an error. Without headers and comments of these names the answer is, byte for byte, the
 * one to a request that did not ask.
 */
public final class AnswerNotes {
    /** The request header. */
    public static final String ASK = "weft-tell";

    /** Its value. */
    public static final String ASKED = "usage";

    /** A {@link TokenCount}. */
    public static final String USAGE = "weft-usage";

    /**
     * Tokens of the prompts that were computed before, if there are some; only in the head of an
     * answer in one piece. A stream has them as the fourth number of its counts.
     */
    public static final String CACHED = "weft-cached";

    /** The code of an {@link ErrorCode}. */
    public static final String ERROR = "weft-error";

    private AnswerNotes() {}

    /** The comment line of a count, its line feed included. */
    public static byte[] usageLine(TokenCount count) {
        return line(USAGE, count.noteText());
    }

    /** The comment line of an error, its line feed included. */
    public static byte[] errorLine(ErrorCode error) {
        return line(ERROR, error.code());
    }

    private static byte[] line(String name, String value) {
        return new EventWriter(32).comment(name + " " + value).toByteArray();
    }
}
