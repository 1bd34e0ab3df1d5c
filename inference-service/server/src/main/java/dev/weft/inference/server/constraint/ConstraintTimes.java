package dev.weft.inference.server.constraint;

import dev.weft.inference.engine.statistics.Histogram;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts requests whose answers are constrained, and times what compiling takes. Any thread. */
public final class ConstraintTimes {
    private final Map<AnswerForm.Kind, LongAdder> asked = new EnumMap<>(AnswerForm.Kind.class);
    private final Histogram seconds =
            new Histogram(
                    0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25,
                    0.5, 1, 2.5, 5, 10);

    /** Nothing counted yet. */
    public ConstraintTimes() {
        for (AnswerForm.Kind kind : AnswerForm.Kind.values()) {
            asked.put(kind, new LongAdder());
        }
    }

    void asked(AnswerForm.Kind kind) {
        LongAdder count = asked.get(kind);
        if (count != null) {
            count.increment();
        }
    }

    void compiled(double took) {
        seconds.record(took);
    }

    /** Requests by kind. */
    public Map<AnswerForm.Kind, Long> requests() {
        Map<AnswerForm.Kind, Long> counts = new EnumMap<>(AnswerForm.Kind.class);
        asked.forEach((kind, count) -> counts.put(kind, count.sum()));
        return counts;
    }

    /** Seconds that each grammar took to compile, refused ones included. */
    public Histogram.Snapshot seconds() {
        return seconds.snapshot();
    }
}
