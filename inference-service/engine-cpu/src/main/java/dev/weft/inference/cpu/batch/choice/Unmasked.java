package dev.weft.inference.cpu.batch.choice;

import dev.weft.inference.engine.TokenEvent;
import java.util.List;

/**
 * A row's choice without a mask, and what is needed to choose again with one: the step's logits are
 * gone by then.
 *
 * @param token the choice
 * @param tested whether the constraint has refused it; else it has not been asked
 * @param certain whether it is the answer's next token if it is allowed
 * @param scores {@code [vocabulary]} after penalties, the bias and what forbids tokens
 * @param logits {@code [vocabulary]} of the model; empty if no log-probabilities are asked for
 * @param logSum of the model's logits; NaN if no log-probabilities are asked for
 * @param top the most probable tokens to the model
 */
@SuppressWarnings("ArrayRecordComponent") // one owner after the other, never compared
public record Unmasked(
        int token,
        boolean tested,
        boolean certain,
        float[] scores,
        float[] logits,
        double logSum,
        List<TokenEvent.TopToken> top) {}
