package dev.weft.inference.tensorrtllm.text;

import java.util.ArrayList;
import java.util.List;

/**
 * Turns an answer that comes as text into tokens of the base's tokenizer. It finds tokens that,
 * decoded after the tokens before them, add exactly the new text. Tokenizers that put a space
 * before a text (Llama 2, Mistral) have other tokens for a text alone than for the same text within
 * an answer. For one thread.
 */
final class AnswerTokens {
    /**
     * How many of the last tokens are kept: enough for a character that several tokens give byte by
     * byte.
     */
    private static final int CONTEXT = 8;

    /** Any text to put before the added one, so that the added one is not at the beginning. */
    private static final String BEFORE = "\n";

    private final TextCodec codec;
    private final List<Integer> last = new ArrayList<>();

    AnswerTokens(TextCodec codec) {
        this.codec = codec;
    }

    /**
     * Tokens of the text that follows.
     *
     * @throws IllegalStateException if no tokens give it
     */
    List<Integer> add(String text) {
        String before = codec.decode(last);
        for (List<Integer> tokens : List.of(alone(text), within(text))) {
            List<Integer> all = new ArrayList<>(last);
            all.addAll(tokens);
            if (codec.decode(all).equals(before + text)) {
                last.clear();
                last.addAll(all.subList(Math.max(0, all.size() - CONTEXT), all.size()));
                return tokens;
            }
        }
        throw new IllegalStateException("the base's tokenizer has no tokens for the answer");
    }

    private List<Integer> alone(String text) {
        return codec.encode(text, false);
    }

    /**
     * The tokens of a text within the answer; empty if the tokenizer joins it with the text before.
     */
    private List<Integer> within(String text) {
        List<Integer> before = codec.encode(BEFORE, false);
        List<Integer> both = codec.encode(BEFORE + text, false);
        int from = before.size();
        return both.size() > from && both.subList(0, from).equals(before)
                ? List.copyOf(both.subList(from, both.size()))
                : List.of();
    }
}
