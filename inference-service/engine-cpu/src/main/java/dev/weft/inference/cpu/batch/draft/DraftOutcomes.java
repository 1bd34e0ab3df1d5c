package dev.weft.inference.cpu.batch.draft;

import java.util.EnumMap;
import java.util.Map;

/** The outcomes of drafts, by drafter. Owner thread only. */
public final class DraftOutcomes {
    private final Map<Draft.Source, Acceptance> bySource = new EnumMap<>(Draft.Source.class);

    /** Outcomes of no draft yet. */
    public DraftOutcomes() {}

    /** The chance of a token; the outcomes of all requests are the prior. */
    double chance(Draft.Source source, int matched, DraftOutcomes prior) {
        return of(source).chance(matched, prior.of(source));
    }

    void add(Draft.Source source, int matched, boolean wasRight) {
        of(source).add(matched, wasRight);
    }

    void fade() {
        bySource.values().forEach(Acceptance::fade);
    }

    private Acceptance of(Draft.Source source) {
        return bySource.computeIfAbsent(source, _ -> new Acceptance());
    }
}
