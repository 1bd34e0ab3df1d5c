package dev.weft.protocol.usage;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The tokens of an answer, or of the part that was sent so far: the values of {@code usage} in
 * OpenAI's API.
 *
 * @param input tokens of the prompts
 * @param output tokens produced, of all choices
 * @param choices number of choices of the answer
 * @param cached of the tokens of the prompts, those that were computed before; 0 if that is not
 *     known
 */
public record TokenCount(long input, long output, int choices, long cached) {
    private static final Pattern TEXT =
            Pattern.compile("([0-9]{1,18}) ([0-9]{1,18})(?: ([0-9]{1,9}))?");

    public TokenCount {
        if (input < 0 || output < 0) {
            throw new IllegalArgumentException(
                    "tokens " + input + " and " + output + ": allowed is 0 or more");
        }
        if (cached < 0) {
            throw new IllegalArgumentException("cached " + cached + ": allowed is 0 or more");
        }
        if (choices < 1) {
            throw new IllegalArgumentException("choices " + choices + ": allowed is 1 or more");
        }
    }

    /** The count of an answer with one choice. */
    public TokenCount(long input, long output) {
        this(input, output, 1, 0);
    }

    /** The count of an answer to prompts of which nothing is known to be computed before. */
    public TokenCount(long input, long output, int choices) {
        this(input, output, choices, 0);
    }

    /** Returns this count with that many cached tokens. */
    public TokenCount withCached(long tokens) {
        return new TokenCount(input, output, choices, tokens);
    }

    /**
     * The text of a note: {@link #text()} if there are no cached tokens, else all four numbers with
     * a space between them. Gateways that know no cached tokens read the first three.
     */
    String noteText() {
        return cached == 0 ? text() : input + " " + output + " " + choices + " " + cached;
    }

    /**
     * The numbers without the cached tokens, with a space between them; the number of choices is
     * left out if it is 1.
     */
    public String text() {
        String tokens = input + " " + output;
        return choices == 1 ? tokens : tokens + " " + choices;
    }

    /** Reads {@link #text()}; empty if it is anything else. */
    public static Optional<TokenCount> parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String choices = matcher.group(3);
        return Optional.of(
                new TokenCount(
                        Long.parseLong(matcher.group(1)),
                        Long.parseLong(matcher.group(2)),
                        choices == null ? 1 : Math.max(1, Integer.parseInt(choices))));
    }
}
