package dev.weft.inference.relay.dialect;

/**
 * What a server answered to a call of the worker's own.
 *
 * @param text the body
 */
public record ServerReply(int status, String text) {
    private static final int LONGEST_QUOTE = 300;

    /** Whether the server did what it was asked. */
    public boolean ok() {
        return status >= 200 && status < 300;
    }

    /** The status and the beginning of the text, on one line. */
    public String quoted() {
        String line = text.strip().replaceAll("\\s+", " ");
        return status
                + " "
                + (line.length() <= LONGEST_QUOTE
                        ? line
                        : line.substring(0, LONGEST_QUOTE) + "...");
    }
}
