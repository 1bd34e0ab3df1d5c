package dev.weft.gateway.rollout;

import dev.weft.gateway.measure.Answered;
import dev.weft.protocol.rollout.MeasureReport;
import dev.weft.protocol.shadow.CopyOutcome;
import dev.weft.protocol.shadow.Likeness;
import dev.weft.protocol.shadow.ShadowFigures;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** What was measured of shadows since the last report. Any thread; never waits. */
public final class ComparedCopies {
    private final Map<Long, Sums> open = new ConcurrentHashMap<>();

    /** The sums of one shadow. For one thread at a time. */
    private static final class Sums {
        private final VersionFigures served = new VersionFigures();
        private final VersionFigures candidate = new VersionFigures();
        private final Map<CopyOutcome, Long> copies = new EnumMap<>(CopyOutcome.class);
        private Likeness likeness = Likeness.NONE;
        private long tokens;

        ShadowFigures sum() {
            return new ShadowFigures(served.sum(), candidate.sum(), likeness, tokens, copies);
        }
    }

    /**
     * Counts a request that was drawn, and what its copy used.
     *
     * @param tokens of its prompt and its answer
     */
    public void count(long shadow, CopyOutcome outcome, long tokens) {
        change(
                shadow,
                sums -> {
                    sums.copies.merge(outcome, 1L, Long::sum);
                    sums.tokens += tokens;
                });
    }

    /** Adds both answers to a request. */
    public void compared(long shadow, Answered served, Answered candidate, Likeness likeness) {
        change(
                shadow,
                sums -> {
                    sums.served.add(served);
                    sums.candidate.add(candidate);
                    sums.likeness = sums.likeness.plus(likeness);
                });
    }

    /** Atomic, so that nothing is added to figures that were taken out. */
    private void change(long shadow, Consumer<Sums> change) {
        open.compute(
                shadow,
                (_, before) -> {
                    Sums sums = before == null ? new Sums() : before;
                    change.accept(sums);
                    return sums;
                });
    }

    /** Shadows that have figures. */
    int size() {
        return open.size();
    }

    /** Takes some of the figures out; what is measured meanwhile stays for the next time. */
    List<MeasureReport.Shadow> take(int most) {
        List<MeasureReport.Shadow> shadows = new ArrayList<>();
        for (Long shadow : List.copyOf(open.keySet())) {
            if (shadows.size() == most) {
                break;
            }
            Sums sums = open.remove(shadow);
            if (sums != null) {
                shadows.add(new MeasureReport.Shadow(shadow, sums.sum()));
            }
        }
        return shadows;
    }
}
