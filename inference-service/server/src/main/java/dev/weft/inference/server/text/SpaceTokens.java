package dev.weft.inference.server.text;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/**
 * Added tokens at which the tokenizers library (0.21) ends the process, on a text that any client
 * may send: one takes the white space behind it ({@code rstrip}), and within that begins one that
 * is white space alone and takes what is before it ({@code lstrip}).
 */
final class SpaceTokens {
    private SpaceTokens() {}

    /** Such tokens are refused, wherever they were found. */
    static final class EndingTokensException extends IOException {
        private static final long serialVersionUID = 1L;

        EndingTokensException(String message) {
            super(message);
        }
    }

    /**
     * Checks a file's tokens.
     *
     * @throws EndingTokensException if such two are among them; names them
     */
    static void check(Path file, JsonNode addedTokens) throws EndingTokensException {
        for (JsonNode space : addedTokens) {
            Optional<JsonNode> taker =
                    isSpace(text(space)) && is(space, "lstrip")
                            ? StreamSupport.stream(addedTokens.spliterator(), false)
                                    .filter(token -> is(token, "rstrip"))
                                    .filter(token ->
                                            is(token, "normalized") == is(space, "normalized"))
                                    .findFirst()
                            : Optional.empty();
            if (taker.isPresent()) {
                throw new EndingTokensException(
                        file
                                + ": added token "
                                + space.path(ConfiguredTokens.CONTENT)
                                + " has lstrip and "
                                + taker.get().path(ConfiguredTokens.CONTENT)
                                + " has rstrip, so that a text ends the tokenizers library;"
                                + " allowed: white space without lstrip");
            }
        }
    }

    private static String text(JsonNode token) {
        return token.path(ConfiguredTokens.CONTENT).asString("");
    }

    private static boolean is(JsonNode token, String flag) {
        return token.path(flag).booleanValue(false);
    }

    /** By Unicode's White_Space, as the library has it. */
    private static boolean isSpace(String text) {
        return !text.isEmpty()
                && text.codePoints()
                        .allMatch(c ->
                                Character.isWhitespace(c) || Character.isSpaceChar(c) || c == 0x85);
    }
}
