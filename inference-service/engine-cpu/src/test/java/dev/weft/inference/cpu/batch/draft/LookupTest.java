package dev.weft.inference.cpu.batch.draft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LookupTest {
    private final Lookup lookup = new Lookup();

    private Draft find(int most, int... tokens) {
        return lookup.find(tokens, tokens.length, most);
    }

    @Test
    void draftsWhatFollowedTheSameTokens() {
        assertThat(find(3, 1, 2, 3, 4, 5, 6, 1, 2))
                .isEqualTo(Draft.found(List.of(3, 4, 5), Lookup.LEAST));
    }

    @Test
    void prefersThePlaceWhereMoreTokensAgree() {
        assertThat(find(2, 9, 1, 2, 7, 7, 8, 1, 2, 6, 6, 9, 1, 2))
                .as("9 1 2 came first, 1 2 later")
                .isEqualTo(Draft.found(List.of(7, 7), 3));
    }

    @Test
    void prefersTheLatestOfEqualPlaces() {
        assertThat(find(1, 1, 2, 3, 0, 1, 2, 4, 0, 0, 1, 2).tokens()).containsExactly(4);
    }

    @Test
    void goesOnWithARepetition() {
        assertThat(find(5, 7, 8, 9, 7, 8, 9, 7, 8).tokens()).containsExactly(9, 7, 8, 9, 7);
        assertThat(find(3, 7, 8, 9, 7, 8, 9, 7, 8, 4, 4, 4).tokens()).containsExactly(4, 4, 4);
    }

    @Test
    void draftsNothingWithoutTwoTokensThatAgree() {
        assertThat(find(4, 1)).isEqualTo(Draft.NONE);
        assertThat(find(4, 1, 1)).isEqualTo(Draft.NONE);
        assertThat(find(4, 1, 2, 3, 4, 5, 2)).isEqualTo(Draft.NONE);
        assertThat(find(0, 1, 2, 1, 2)).isEqualTo(Draft.NONE);
    }

    /** As a plain search, token after token, however often the index has grown. */
    @Test
    void findsWhatASearchFinds() {
        SplittableRandom random = new SplittableRandom(3);
        int[] tokens = random.ints(5_000, 0, 40).toArray();
        for (int length = 1; length <= tokens.length; length++) {
            Draft draft = lookup.find(tokens, length, 4);
            int longest = longest(tokens, length);
            if (longest < Lookup.LEAST) {
                assertThat(draft).isEqualTo(Draft.NONE);
            } else {
                assertThat(draft.matched()).isBetween(Lookup.LEAST, longest);
                assertThat(comesBefore(tokens, length, draft)).isTrue();
            }
        }
    }

    private static int longest(int[] tokens, int length) {
        int longest = 0;
        for (int place = 0; place < length - 1; place++) {
            int agree = 0;
            while (agree <= place && tokens[place - agree] == tokens[length - 1 - agree]) {
                agree++;
            }
            longest = Math.max(longest, Math.min(agree, Lookup.LONGEST));
        }
        return longest;
    }

    private static boolean comesBefore(int[] tokens, int length, Draft draft) {
        int[] end = Arrays.copyOfRange(tokens, length - draft.matched(), length);
        for (int place = 0; place + end.length < length; place++) {
            int next = place + end.length;
            if (Arrays.equals(tokens, place, next, end, 0, end.length)
                    && tokens[next] == draft.tokens().getFirst()) {
                return true;
            }
        }
        return false;
    }
}
