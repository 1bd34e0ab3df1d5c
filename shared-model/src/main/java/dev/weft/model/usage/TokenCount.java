package dev.weft.model.usage;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The tokens of an answer, or of what of it has been told so far: what {@code usage} says in
 * OpenAI's API.
 *
 * @param input tokens of the prompts
 * @param output tokens produced, of all choices
 */
public record TokenCount(long input, long output) {
    private static final Pattern TEXT = Pattern.compile("([0-9]{1,18}) ([0-9]{1,18})");

    public TokenCount {
        if (input < 0 || output < 0) {
            throw new IllegalArgumentException(
                    "tokens " + input + " and " + output + ": allowed is 0 or more");
        }
    }

    /** Both numbers, a space between them. */
    public String text() {
        return input + " " + output;
    }

    /** Reads {@link #text()}; empty where it is anything else. */
    public static Optional<TokenCount> parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        return matcher.matches()
                ? Optional.of(
                        new TokenCount(
                                Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2))))
                : Optional.empty();
    }
}
