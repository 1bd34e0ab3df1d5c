package dev.weft.inference.cpu.batch.choice;

import dev.weft.inference.cpu.batch.schedule.Row;
import dev.weft.inference.cpu.batch.schedule.RowFailures;
import dev.weft.inference.engine.EngineException;
import dev.weft.inference.engine.Sampling;
import dev.weft.inference.engine.constraint.TokenConstraint;
import java.util.List;
import java.util.Objects;

/** Finds the next token of one row by asking its constraint. A mask thread runs it. */
final class MaskWork {
    private final Row row;
    private final TokenConstraint constraint;
    private final Unmasked choice;

    MaskWork(Row row, Unmasked choice) {
        this.row = row;
        this.constraint = Objects.requireNonNull(row.constraint()).constraint();
        this.choice = choice;
    }

    /** The tenant of the row. */
    String tenant() {
        return row.tenant();
    }

    /** The choice without a mask; its scores are not read once this has run. */
    Unmasked choice() {
        return choice;
    }

    /**
     * The outcome; never throws.
     *
     * @param deadline of the mask, as {@link System#nanoTime()} counts
     */
    Drawn run(MaskedChoice scratch, long[] bits, long deadline) {
        try {
            boolean stands =
                    !choice.tested() && choice.certain() && constraint.allows(choice.token());
            return stands ? token(choice.token()) : masked(scratch, bits, deadline);
        } catch (RuntimeException | Error e) {
            return new Drawn.Failed(RowFailures.of(row, e));
        }
    }

    private Drawn masked(MaskedChoice scratch, long[] bits, long deadline) {
        constraint.mask(bits, deadline);
        if (scratch.mask(choice.scores(), bits)) {
            Sampling sampling = row.request().sampling();
            double uniform = Sampler.secondUniform(sampling.seed(), row.produced());
            int token = scratch.choose(choice.scores(), sampling, uniform);
            // a mask may take places for alike that are not; the constraint has the last word
            return constraint.allows(token)
                    ? token(token)
                    : stuck("takes no token %d, which its mask has,".formatted(token));
        }
        return nothingLeft(bits);
    }

    /** The outcome of a row whose constraint has no way on. */
    private Drawn.Failed stuck(String how) {
        return new Drawn.Failed(
                new EngineException(
                        EngineException.Cause.CONSTRAINT_FAILED,
                        "the constraint %s after %d tokens of the answer"
                                .formatted(how, row.produced())));
    }

    /** The outcome of a row if none of its allowed tokens has a chance. */
    private Drawn nothingLeft(long[] bits) {
        List<Integer> stops = row.request().ending().stopTokens();
        stops.forEach(token -> bits[token >> 6] &= ~(1L << token));
        boolean takesMore = false;
        for (long word : bits) {
            takesMore |= word != 0;
        }
        if (!takesMore && constraint.mayEnd()) {
            return new Drawn.Complete();
        }
        return takesMore ? new Drawn.Failed(Sampler.nothingLeft(row)) : stuck("allows no token");
    }

    /**
     * The outcome with a token. The constraint accepts it here, so that steps don't wait for that
     * either.
     */
    private Drawn token(int token) {
        constraint.accept(token);
        double logProbability =
                choice.logits().length == 0 ? Double.NaN : choice.logits()[token] - choice.logSum();
        return new Drawn.Token(Sampler.event(row, token, logProbability, choice.top()));
    }
}
