package dev.weft.inference.server.measure;

import dev.weft.inference.server.text.Tokenizer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A text in pieces, each of which a model reads from its beginning.
 *
 * @param windows tokens of each piece, two or more, with those in front that the tokenizer puts
 *     before a text (bos)
 * @param longest tokens of the longest piece allowed
 */
record TextWindows(List<List<Integer>> windows, int longest) {
    /**
     * Tokens of a piece: common in tests of perplexity, and within every served model's context.
     */
    private static final int MOST = 512;

    TextWindows {
        if (windows.isEmpty()) {
            throw new IllegalArgumentException(
                    "the text has less than two tokens, so that there is nothing to predict");
        }
        windows = windows.stream().map(List::copyOf).toList();
    }

    /**
     * Cuts a text.
     *
     * @param contextLength positions that the model has
     * @throws IllegalArgumentException if nothing would be predicted
     */
    static TextWindows of(Tokenizer tokenizer, String text, int contextLength) {
        List<Integer> tokens = tokenizer.encode(text, false);
        List<Integer> front = front(tokenizer.encode(text, true), tokens);
        int longest = Math.min(MOST, contextLength);
        int step = longest - front.size();
        if (step < 1 || longest < 2) {
            throw new IllegalArgumentException(
                    "the model's context is too short to predict anything: " + contextLength);
        }
        var windows = new ArrayList<List<Integer>>();
        for (int from = 0; from < tokens.size(); from += step) {
            var window = new ArrayList<>(front);
            window.addAll(tokens.subList(from, Math.min(tokens.size(), from + step)));
            if (window.size() > 1) {
                windows.add(window);
            }
        }
        return new TextWindows(windows, longest);
    }

    /** Tokens that are predicted: all but the first of each window, which is given. */
    long predicted() {
        return windows.stream().mapToLong(window -> window.size() - 1).sum();
    }

    private static List<Integer> front(List<Integer> whole, List<Integer> tokens) {
        int at = Collections.indexOfSubList(whole, tokens);
        return at > 0 ? whole.subList(0, at) : List.of();
    }
}
