package dev.weft.protocol.shadow;

import dev.weft.protocol.measure.Measured;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * What gateways measured of a shadow.
 *
 * @param served of the served version's answers to requests whose copies have ended
 * @param candidate of the copies' answers
 * @param likeness of both
 * @param tokens of prompts and answers that copies used; nobody is billed for them
 * @param copies what became of the requests that were drawn
 */
public record ShadowFigures(
        Measured served,
        Measured candidate,
        Likeness likeness,
        long tokens,
        Map<CopyOutcome, Long> copies) {
    /** Nothing was measured. */
    public static final ShadowFigures NONE =
            new ShadowFigures(Measured.NONE, Measured.NONE, Likeness.NONE, 0, Map.of());

    public ShadowFigures {
        if (tokens < 0 || copies.values().stream().anyMatch(count -> count < 0)) {
            throw new IllegalArgumentException("tokens and copies are 0 or more");
        }
        Map<CopyOutcome, Long> all = new EnumMap<>(CopyOutcome.class);
        all.putAll(copies);
        copies = Collections.unmodifiableMap(all);
    }

    /** Requests with that outcome. */
    public long count(CopyOutcome outcome) {
        return copies.getOrDefault(outcome, 0L);
    }

    /** Both together. */
    public ShadowFigures plus(ShadowFigures other) {
        Map<CopyOutcome, Long> sum = new EnumMap<>(CopyOutcome.class);
        sum.putAll(copies);
        other.copies.forEach((outcome, count) -> sum.merge(outcome, count, Long::sum));
        return new ShadowFigures(
                served.plus(other.served),
                candidate.plus(other.candidate),
                likeness.plus(other.likeness),
                tokens + other.tokens,
                sum);
    }
}
