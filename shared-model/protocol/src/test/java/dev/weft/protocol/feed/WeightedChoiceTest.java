package dev.weft.protocol.feed;

import static dev.weft.protocol.feed.Entries.digest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.adapter.Audience;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WeightedChoiceTest {
    private static final int KEYS = 20_000;

    @Test
    void versionsGetTheirWeightsOfTheKeys() {
        for (int[] weights : new int[][] {{90, 10}, {1, 1}, {1, 2, 3}, {999, 1}, {5, 0, 5}}) {
            int[] got = new int[weights.length];
            for (int key = 0; key < KEYS; key++) {
                got[chosen(entry(weights), key)]++;
            }
            int sum = java.util.Arrays.stream(weights).sum();
            for (int i = 0; i < weights.length; i++) {
                // four standard deviations of a share of the keys are at most 1.5 points
                assertThat((double) got[i] / KEYS)
                        .isCloseTo((double) weights[i] / sum, within(0.015));
            }
        }
    }

    @Test
    void aKeyKeepsItsVersionAndOnlyThoseMoveThatHaveTo() {
        CatalogEntry before = entry(90, 10);
        CatalogEntry after = entry(60, 40);
        for (int key = 0; key < KEYS; key++) {
            assertThat(chosen(before, key)).isEqualTo(chosen(entry(90, 10), key));
            if (chosen(before, key) == 1) {
                assertThat(chosen(after, key)).isEqualTo(1);
            }
        }
    }

    @Test
    void namesDrawApart() {
        CatalogEntry other =
                new CatalogEntry(AdapterId.of("other"), entry(1, 1).shares(), Audience.NOBODY);
        long same = 0;
        for (int key = 0; key < KEYS; key++) {
            same += chosen(entry(1, 1), key) == chosen(other, key) ? 1 : 0;
        }
        assertThat((double) same / KEYS).isCloseTo(0.5, within(0.015));
    }

    /** As if one content were registered under two names. */
    @Test
    void versionsOfOneContentGetTheirWeightsAndTheOthersKeepTheirKeys() {
        ServedVersion first = version(AdapterId.of("sql"), 1, 0);
        for (String name : List.of("sql-copy", "a-copy")) {
            addsOnly(first, version(AdapterId.of(name), 1, 0));
        }
    }

    private static void addsOnly(ServedVersion first, ServedVersion copy) {
        ServedVersion third = version(AdapterId.of("sql"), 2, 1);
        CatalogEntry without = of(new Share(first, 60), new Share(third, 20));
        CatalogEntry with = of(new Share(copy, 20), new Share(first, 60), new Share(third, 20));
        int copies = 0;
        for (int key = 0; key < KEYS; key++) {
            ServedVersion got = with.choose("user " + key).orElseThrow();
            copies += got.equals(copy) ? 1 : 0;
            if (!got.equals(copy)) {
                assertThat(without.choose("user " + key)).contains(got);
            }
        }
        assertThat((double) copies / KEYS).isCloseTo(0.2, within(0.015));
    }

    private static CatalogEntry of(Share... shares) {
        return new CatalogEntry(AdapterId.of("prod"), List.of(shares), Audience.NOBODY);
    }

    private static ServedVersion version(AdapterId adapter, int number, int content) {
        ServedVersion any = Entries.entry("sql", 0).shares().getFirst().version();
        return new ServedVersion(
                adapter, number, digest(content), any.facts(), any.root(), any.created());
    }

    @Test
    void withoutAnyWeightNothingIsChosen() {
        assertThat(entry(0, 0).choose("key")).isEmpty();
        assertThat(entry(0, 0).main()).isEmpty();
        assertThat(entry(0, 3).choose("key")).map(ServedVersion::number).contains(2);
        assertThat(entry(2, 3, 3).main()).map(ServedVersion::number).contains(2);
    }

    private static int chosen(CatalogEntry entry, int key) {
        return entry.choose("user " + key).orElseThrow().number() - 1;
    }

    private static CatalogEntry entry(int... weights) {
        List<Share> shares = new ArrayList<>();
        ServedVersion any = Entries.entry("sql", 0).shares().getFirst().version();
        for (int i = 0; i < weights.length; i++) {
            shares.add(
                    new Share(
                            new ServedVersion(
                                    any.adapter(),
                                    i + 1,
                                    digest(i),
                                    any.facts(),
                                    any.root(),
                                    any.created()),
                            weights[i]));
        }
        return new CatalogEntry(AdapterId.of("sql"), shares, Audience.NOBODY);
    }
}
