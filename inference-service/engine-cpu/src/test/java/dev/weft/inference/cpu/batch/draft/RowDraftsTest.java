package dev.weft.inference.cpu.batch.draft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class RowDraftsTest {
    private final DraftOutcomes all = new DraftOutcomes();
    private final RowDrafts row = new RowDrafts(all);
    private final Draft draft = Draft.found(List.of(1, 2, 3, 4), 2);

    private double first(RowDrafts drafts) {
        return drafts.chances(draft)[0];
    }

    @Test
    void learnsFromWhatWasVerified() {
        double unknown = first(row);
        for (int i = 0; i < 20; i++) {
            row.verified(draft, 0);
        }
        assertThat(first(row)).isLessThan(unknown / 4);
        for (int i = 0; i < 100; i++) {
            row.verified(draft, 4);
        }
        assertThat(first(row)).isGreaterThan(0.9);
        assertThat(row.chances(draft)).isSortedAccordingTo((a, b) -> Double.compare(b, a));
    }

    @Test
    void aNewRequestBeginsWithWhatOthersShowed() {
        for (int i = 0; i < 100; i++) {
            row.verified(draft, 0);
        }
        RowDrafts other = new RowDrafts(all);
        assertThat(first(other)).isLessThan(0.1);
        for (int i = 0; i < 30; i++) {
            other.verified(draft, 4);
        }
        assertThat(first(other)).isGreaterThan(0.7);
    }

    @Test
    void whatIsNotTriedIsForgotten() {
        for (int i = 0; i < 50; i++) {
            row.verified(draft, 4);
        }
        for (int i = 0; i < 50; i++) {
            row.verified(draft, 0);
        }
        double low = first(row);
        for (int i = 0; i < 300; i++) {
            row.unused();
        }
        assertThat(first(row)).isGreaterThan(low);
        assertThat(first(row)).isCloseTo(first(new RowDrafts(all)), within(0.01));
    }
}
