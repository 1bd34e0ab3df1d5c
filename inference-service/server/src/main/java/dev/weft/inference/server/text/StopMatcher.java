package dev.weft.inference.server.text;

import java.util.List;

/**
 * Finds stop strings in text that arrives in pieces, and holds back what may be the beginning of
 * one. If a text holds several, the one that is complete first counts; of two that are complete at
 * the same character, the longer one. So the cut does not depend on how the text was split. One
 * Knuth-Morris-Pratt automaton per string: the work per character is the number of strings. For one
 * thread.
 */
public final class StopMatcher {
    private final List<String> stops;
    private final int[][] failures;

    /** How many characters of each string the text so far ends with. */
    private final int[] matched;

    private final StringBuilder held = new StringBuilder();
    private boolean found;
    private String stop = "";

    /**
     * A matcher of some strings.
     *
     * @param stops none of them empty
     */
    public StopMatcher(List<String> stops) {
        this.stops = List.copyOf(stops);
        this.matched = new int[stops.size()];
        this.failures = new int[stops.size()][];
        for (int i = 0; i < failures.length; i++) {
            failures[i] = failures(stops.get(i));
        }
    }

    /**
     * Takes the next piece.
     *
     * @param armed false if a stop string that is complete now does not count
     * @return the text that is safe to show: it comes before a stop string, or can't be the
     *     beginning of one
     */
    public String add(String piece, boolean armed) {
        if (found || stops.isEmpty()) {
            return found ? "" : piece;
        }
        for (int i = 0; i < piece.length(); i++) {
            held.append(piece.charAt(i));
            int complete = advance(piece.charAt(i));
            if (complete > 0 && armed) {
                found = true;
                stop = held.substring(held.length() - complete);
                return take(held.length() - complete);
            }
        }
        return take(held.length() - longestMatch());
    }

    /** A stop string was found; the text ends before it. */
    public boolean found() {
        return found;
    }

    /** The stop string that was found; empty if none was. */
    public String stop() {
        return stop;
    }

    /** Ends the text: what was held back is text after all, unless a stop string was found. */
    public String finish() {
        return found ? "" : take(held.length());
    }

    /** Length of the longest stop string that ends at this character, 0 for none. */
    private int advance(char c) {
        int complete = 0;
        for (int s = 0; s < matched.length; s++) {
            String stop = stops.get(s);
            int m = matched[s] == stop.length() ? failures[s][matched[s] - 1] : matched[s];
            while (m > 0 && stop.charAt(m) != c) {
                m = failures[s][m - 1];
            }
            matched[s] = stop.charAt(m) == c ? m + 1 : 0;
            if (matched[s] == stop.length()) {
                complete = Math.max(complete, stop.length());
            }
        }
        return complete;
    }

    private int longestMatch() {
        int longest = 0;
        for (int s = 0; s < matched.length; s++) {
            // one that was complete while unarmed holds back only what may begin another one
            boolean complete = matched[s] == stops.get(s).length();
            longest = Math.max(longest, complete ? failures[s][matched[s] - 1] : matched[s]);
        }
        return longest;
    }

    private String take(int length) {
        String text = held.substring(0, length);
        held.delete(0, length);
        return text;
    }

    /** The length, for each prefix, of its longest proper prefix that is also its end. */
    private static int[] failures(String stop) {
        int[] failures = new int[stop.length()];
        for (int i = 1, m = 0; i < stop.length(); i++) {
            while (m > 0 && stop.charAt(i) != stop.charAt(m)) {
                m = failures[m - 1];
            }
            m = stop.charAt(i) == stop.charAt(m) ? m + 1 : 0;
            failures[i] = m;
        }
        return failures;
    }
}
