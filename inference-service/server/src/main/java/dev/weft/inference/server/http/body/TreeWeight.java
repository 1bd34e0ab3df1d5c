package dev.weft.inference.server.http.body;

/**
 * The memory of a JSON document's tree beside the text of its strings. A small value takes far more
 * than its text, so values are counted before the tree is made.
 */
final class TreeWeight {
    /** Bytes of an empty object or array, and of the room for what is in it. */
    private static final int BYTES_OF_CONTAINER = 104;

    /** Bytes of a member's entry, and of its value if that is small. */
    private static final int BYTES_OF_MEMBER = 72;

    /** Bytes of a small value and of its place. */
    private static final int BYTES_OF_ITEM = 32;

    /** Bytes of a string beside {@link #BYTES_OF_ITEM} and its characters. */
    private static final int BYTES_OF_STRING = 48;

    /** Bytes of a number with a fraction or an exponent beside {@link #BYTES_OF_ITEM}. */
    private static final int BYTES_OF_DECIMAL = 56;

    private TreeWeight() {}

    /**
     * Bytes of memory, a high estimate; nothing of a body that is not JSON counts behind its fault.
     */
    static long of(byte[] body) {
        long bytes = 0;
        boolean inText = false;
        for (int i = 0; i < body.length; i++) {
            byte c = body[i];
            if (c == '"') {
                inText = !inText;
                bytes += inText ? BYTES_OF_STRING : 0;
            } else if (inText) {
                // what follows a backslash ends no text
                i += c == '\\' ? 1 : 0;
            } else {
                bytes += weight(c);
            }
        }
        return bytes;
    }

    /** A sign outside of texts. The letter e may be one of a word, too: the estimate is high. */
    private static int weight(byte sign) {
        return switch (sign) {
            case '{', '[' -> BYTES_OF_CONTAINER;
            case ':' -> BYTES_OF_MEMBER;
            case ',' -> BYTES_OF_ITEM;
            case '.', 'e', 'E' -> BYTES_OF_DECIMAL;
            default -> 0;
        };
    }
}
