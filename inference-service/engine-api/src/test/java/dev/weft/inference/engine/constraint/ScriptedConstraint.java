package dev.weft.inference.engine.constraint;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/**
 * A constraint that a test writes down: which token may follow which tokens, and when the answer
 * may end.
 */
public class ScriptedConstraint implements TokenConstraint {
    private final int vocabulary;
    private final BiPredicate<List<Integer>, Integer> rule;
    private final Predicate<List<Integer>> ends;
    private final List<Integer> accepted = new ArrayList<>();

    /**
     * @param rule takes the tokens so far and one that may come next
     * @param ends takes the tokens so far
     */
    public ScriptedConstraint(
            int vocabulary,
            BiPredicate<List<Integer>, Integer> rule,
            Predicate<List<Integer>> ends) {
        this.vocabulary = vocabulary;
        this.rule = rule;
        this.ends = ends;
    }

    /** Always the same tokens, without an end. */
    public static ScriptedConstraint only(int vocabulary, Predicate<Integer> tokens) {
        return new ScriptedConstraint(vocabulary, (_, token) -> tokens.test(token), _ -> false);
    }

    @Override
    public boolean allows(int token) {
        return rule.test(accepted, token);
    }

    @Override
    public void mask(long[] bits, long deadline) {
        Arrays.fill(bits, 0);
        for (int token = 0; token < vocabulary; token++) {
            if (rule.test(accepted, token)) {
                bits[token >> 6] |= 1L << token;
            }
        }
    }

    @Override
    public void accept(int token) {
        if (!rule.test(accepted, token)) {
            throw new IllegalArgumentException("token " + token + " after " + accepted);
        }
        accepted.add(token);
    }

    @Override
    public boolean mayEnd() {
        return ends.test(accepted);
    }

    @Override
    public void rollback(int tokens) {
        accepted.subList(accepted.size() - tokens, accepted.size()).clear();
    }
}
