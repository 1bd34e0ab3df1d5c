package dev.weft.inference.relay.dialect;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

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

    /** The body; a missing node if it is not JSON. */
    JsonNode json() {
        try {
            return JsonMapper.shared().readTree(text);
        } catch (JacksonException e) {
            return MissingNode.getInstance();
        }
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
