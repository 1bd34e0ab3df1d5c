package dev.weft.inference.server.http.request;

import dev.weft.inference.server.text.TextRuns;
import dev.weft.inference.server.text.Tokenizer;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Tokenises what clients send. The native tokenizer keeps the carrier of a virtual thread busy, 0.3
 * to 2.5 us per character, and takes some 400 bytes for each: long texts go one after the other, so
 * that they hold one carrier at most. Texts that can't fit the context, whatever their tokens, are
 * not tokenised at all.
 */
public final class PromptEncoder {
    private static final int LONG_TEXT = 100_000;

    /** The most characters of a text that is tokenised, unless a long context allows more. */
    private static final int MOST_CHARACTERS = 1_000_000;

    /** Long texts have fewer characters for each token, on average. */
    private static final int CHARACTERS_PER_TOKEN = 16;

    private static final int WAIT_SECONDS = 30;

    private final Tokenizer tokenizer;
    private final ContextBudget budget;
    private final int longestToken;
    private final Semaphore longTexts = new Semaphore(1, true);

    PromptEncoder(Tokenizer tokenizer, ContextBudget budget) {
        this.tokenizer = tokenizer;
        this.budget = budget;
        this.longestToken = tokenizer.longestToken();
    }

    /** What prompts and answers have to fit into. */
    public ContextBudget budget() {
        return budget;
    }

    /**
     * Tokens of a prompt.
     *
     * @param param field that the text came from
     */
    public List<Integer> prompt(String text, boolean addSpecialTokens, String param)
            throws InterruptedException {
        checkLength(text.length(), param);
        return someOf(encode(text, addSpecialTokens, param), param);
    }

    /**
     * Tokens of two texts, joined as the tokenizer joins a pair.
     *
     * @param param field that the second text came from
     */
    public List<Integer> pair(String text, String other, boolean addSpecialTokens, String param)
            throws InterruptedException {
        long characters = (long) text.length() + other.length();
        checkLength(characters, param);
        Supplier<List<Integer>> work = () -> tokenizer.encodePair(text, other, addSpecialTokens);
        return someOf(inTurn(characters, work, param), param);
    }

    private void checkLength(long characters, String param) {
        checkSize(characters, param);
        long fewest = characters / longestToken;
        if (fewest > budget.contextLength()) {
            throw new ApiException(
                    ErrorCode.CONTEXT_LENGTH_EXCEEDED,
                    "This model's maximum context length is "
                            + budget.contextLength()
                            + " tokens. However, your "
                            + param
                            + " resulted in more than "
                            + fewest
                            + " tokens. Please reduce the length of the "
                            + param
                            + ".",
                    param);
        }
    }

    private void checkSize(long characters, String param) {
        long most = Math.max(MOST_CHARACTERS, (long) CHARACTERS_PER_TOKEN * budget.contextLength());
        if (characters > most) {
            throw new ApiException(
                    ErrorCode.CONTEXT_LENGTH_EXCEEDED,
                    "Your %s has %d characters; with this model's context of %d tokens at most %d are allowed."
                            .formatted(param, characters, budget.contextLength(), most),
                    param);
        }
    }

    private static List<Integer> someOf(List<Integer> tokens, String param) {
        if (tokens.isEmpty()) {
            throw noTokens(param);
        }
        return tokens;
    }

    /**
     * Tokens of a text that need not fit the context.
     *
     * @param param field that the text came from
     */
    List<Integer> encode(String text, boolean addSpecialTokens, String param)
            throws InterruptedException {
        checkSize(text.length(), param);
        return inTurn(text.length(), () -> tokenizer.encode(text, addSpecialTokens), param);
    }

    private List<Integer> inTurn(long characters, Supplier<List<Integer>> work, String param)
            throws InterruptedException {
        try {
            return inTurn(characters, work);
        } catch (TextRuns.LongRunException e) {
            throw new ApiException(
                    ErrorCode.INVALID_VALUE,
                    "Invalid value for '" + param + "': " + e.getMessage(),
                    param);
        }
    }

    private List<Integer> inTurn(long characters, Supplier<List<Integer>> work)
            throws InterruptedException {
        if (characters < LONG_TEXT) {
            return work.get();
        }
        if (!longTexts.tryAcquire(WAIT_SECONDS, TimeUnit.SECONDS)) {
            throw new ApiException(
                    ErrorCode.OVERLOADED, "too many long texts wait to be tokenised");
        }
        try {
            return work.get();
        } finally {
            longTexts.release();
        }
    }

    /** The error of an input without tokens. */
    public static ApiException noTokens(String param) {
        return new ApiException(
                ErrorCode.INVALID_VALUE,
                "Invalid value for '" + param + "': it has no tokens; allowed: at least one",
                param);
    }
}
