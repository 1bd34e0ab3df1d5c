package dev.weft.inference.server.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class StopMatcherTest {
    @Test
    void cutsBeforeTheStopString() {
        StopMatcher stops = new StopMatcher(List.of("END"));

        assertThat(stops.add("a EN", true)).isEqualTo("a ");
        assertThat(stops.add("D of it", true)).isEmpty();
        assertThat(stops.found()).isTrue();
        assertThat(stops.finish()).isEmpty();
    }

    @Test
    void letsGoOfWhatTurnsOutToBeText() {
        StopMatcher stops = new StopMatcher(List.of("aab"));

        assertThat(stops.add("xaa", true)).isEqualTo("x");
        assertThat(stops.add("a", true)).isEqualTo("a");
        assertThat(stops.add("c", true)).isEqualTo("aac");
        assertThat(stops.add("aa", true)).isEmpty();
        assertThat(stops.finish()).isEqualTo("aa");
    }

    @Test
    void findsNothingWhileUnarmed() {
        StopMatcher stops = new StopMatcher(List.of("ab"));

        String shown = stops.add("abab", false) + stops.add("b", true);
        assertThat(shown).isEqualTo("ababb");
        assertThat(stops.add("ab", true)).isEmpty();
        assertThat(stops.found()).isTrue();
    }

    /** However a text is split, it is cut at the place where a plain search cuts it. */
    @Test
    void cutsAtTheSamePlaceForAnySplit() {
        SplittableRandom random = new SplittableRandom(3);
        for (int run = 0; run < 20_000; run++) {
            String text = word(random, 1 + random.nextInt(14));
            List<String> stops = new ArrayList<>();
            for (int i = random.nextInt(3); i >= 0; i--) {
                stops.add(word(random, 1 + random.nextInt(4)));
            }

            assertThat(cut(text, stops, random))
                    .as("'%s' with stops %s", text, stops)
                    .isEqualTo(expected(text, stops));
        }
    }

    private static String cut(String text, List<String> stops, SplittableRandom random) {
        StopMatcher matcher = new StopMatcher(stops);
        StringBuilder shown = new StringBuilder();
        for (int at = 0; at < text.length(); ) {
            int end = Math.min(text.length(), at + 1 + random.nextInt(4));
            shown.append(matcher.add(text.substring(at, end), true));
            at = end;
        }
        return shown.append(matcher.finish()).toString();
    }

    /** The first end of any stop string; of those that end there the longest. */
    private static String expected(String text, List<String> stops) {
        for (int end = 1; end <= text.length(); end++) {
            int longest = 0;
            for (String stop : stops) {
                if (text.substring(0, end).endsWith(stop)) {
                    longest = Math.max(longest, stop.length());
                }
            }
            if (longest > 0) {
                return text.substring(0, end - longest);
            }
        }
        return text;
    }

    private static String word(SplittableRandom random, int length) {
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < length; i++) {
            word.append((char) ('a' + random.nextInt(2)));
        }
        return word.toString();
    }
}
