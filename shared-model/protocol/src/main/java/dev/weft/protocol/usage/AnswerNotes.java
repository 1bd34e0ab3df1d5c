package dev.weft.protocol.usage;

import dev.weft.protocol.error.ErrorCode;
import java.nio.charset.StandardCharsets;

/**
 * How a worker tells. A gateway asks by the request header {@link #ASK}: {@link #ASKED}. The head
 * of an answer in one piece then has {@link #USAGE}, that of an error {@link #ERROR}. A stream has
 * them as comment lines, {@code : weft-usage 12 34}, which are the first line of an event and count
 * what has been produced once that event is told (with several choices their number follows), and
 * {@code : weft-error CODE} before the event that tells an error. Without headers and comments of
 * these names the answer is, byte for byte, the one that was not asked for them.
 */
public final class AnswerNotes {
    /** The request header. */
    public static final String ASK = "weft-tell";

    /** Its value. */
    public static final String ASKED = "usage";

    /** A {@link TokenCount}. */
    public static final String USAGE = "weft-usage";

    /** The code of an {@link ErrorCode}. */
    public static final String ERROR = "weft-error";

    private AnswerNotes() {}

    /** The comment line of a count, its line feed included. */
    public static byte[] usageLine(TokenCount count) {
        return line(USAGE, count.text());
    }

    /** The comment line of an error, its line feed included. */
    public static byte[] errorLine(ErrorCode error) {
        return line(ERROR, error.code());
    }

    private static byte[] line(String name, String value) {
        return (": " + name + " " + value + "\n").getBytes(StandardCharsets.US_ASCII);
    }
}
