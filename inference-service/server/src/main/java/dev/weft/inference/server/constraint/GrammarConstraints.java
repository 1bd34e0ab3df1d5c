package dev.weft.inference.server.constraint;

import dev.weft.grammar.Grammar;
import dev.weft.inference.engine.constraint.TokenConstraint;
import dev.weft.inference.server.completion.AnswerConstraints;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import java.util.function.Supplier;

/** The constraints of one request. */
final class GrammarConstraints implements AnswerConstraints {
    private final Supplier<GrammarConstraint> each;
    private final GrammarsInUse inUse;
    private final Grammar grammar;
    private final String tenant;

    /** Tokens of the shortest answer that was found; 0 if answers need not be complete. */
    private final int least;

    private boolean begun;
    private boolean ended;

    GrammarConstraints(
            Supplier<GrammarConstraint> each,
            int least,
            GrammarsInUse inUse,
            Grammar grammar,
            String tenant) {
        this.each = each;
        this.least = least;
        this.inUse = inUse;
        this.grammar = grammar;
        this.tenant = tenant;
    }

    @Override
    public TokenConstraint of(int maxTokens) {
        GrammarConstraint made = each.get();
        if (least > 0) {
            made.completeWithin(maxTokens);
        }
        return made;
    }

    @Override
    public void check(int maxTokens) {
        if (least > maxTokens) {
            throw new ApiException(
                    ErrorCode.INVALID_VALUE,
                    "Invalid value for 'complete': true; allowed: false, or at least "
                            + least
                            + " tokens for the answer instead of "
                            + maxTokens
                            + ": the shortest answer that is found has so many, its end included",
                    "complete");
        }
    }

    @Override
    public synchronized boolean hold() {
        if (ended) {
            return true;
        }
        if (begun) {
            return inUse.grown(grammar);
        }
        begun = true;
        return inUse.begin(grammar, tenant);
    }

    @Override
    public synchronized void release() {
        if (begun && !ended) {
            ended = true;
            inUse.end(grammar);
        }
    }
}
