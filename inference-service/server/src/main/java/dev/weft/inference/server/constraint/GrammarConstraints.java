package dev.weft.inference.server.constraint;

import dev.weft.grammar.Grammar;
import dev.weft.inference.engine.TokenConstraint;
import dev.weft.inference.server.completion.AnswerConstraints;
import java.util.function.Supplier;

/** The constraints of one request. */
final class GrammarConstraints implements AnswerConstraints {
    private final Supplier<TokenConstraint> each;
    private final GrammarsInUse inUse;
    private final Grammar grammar;
    private final String tenant;
    private boolean begun;
    private boolean ended;

    GrammarConstraints(
            Supplier<TokenConstraint> each, GrammarsInUse inUse, Grammar grammar, String tenant) {
        this.each = each;
        this.inUse = inUse;
        this.grammar = grammar;
        this.tenant = tenant;
    }

    @Override
    public TokenConstraint get() {
        return each.get();
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
