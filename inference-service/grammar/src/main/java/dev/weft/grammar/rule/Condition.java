package dev.weft.grammar.rule;

import org.jspecify.annotations.Nullable;

/**
 * A formula that an object or an array has to satisfy, together with the value that is being
 * written in it. Equal conditions of a grammar are the same object.
 */
public final class Condition {
    /** What a condition is made of. */
    public enum Op {
        TRUE,
        FALSE,
        AND,
        OR,
        NOT,
        /** Exactly one of its parts. */
        ONE,
        /** The container that is being written follows a rule. */
        RULE,
        /** The value that comes next follows a rule. */
        GOAL,
        /** A condition of the container around this one; decided when this one is complete. */
        OUTER
    }

    /** What is known of a condition. */
    public enum Answer {
        UNKNOWN,
        YES,
        NO
    }

    final int id;
    public final Op op;
    public final Condition[] parts;
    public final @Nullable ContainerRule rule;
    public final @Nullable ValueRule goal;
    public final boolean hasGoal;
    public final boolean hasOuter;

    /** Whether what may follow depends on how many members there are. */
    public final boolean counts;

    /** Whether some rule asks for items that differ. */
    public final boolean unique;

    /** The number up to which an array's items are counted: all items behind it are alike. */
    public final int horizon;

    public Answer canHold = Answer.UNKNOWN;
    public Answer canFail = Answer.UNKNOWN;
    public @Nullable KeyPlan keyPlan;

    Condition(
            int id,
            Op op,
            Condition[] parts,
            @Nullable ContainerRule rule,
            @Nullable ValueRule goal) {
        this.id = id;
        this.op = op;
        this.parts = parts;
        this.rule = rule;
        this.goal = goal;
        boolean goals = op == Op.GOAL;
        boolean outers = op == Op.OUTER;
        boolean counting = rule != null && rule.counts();
        boolean differing = rule instanceof ContainerRule.OfUnique;
        int most = rule instanceof ContainerRule.OfArray array ? array.horizon() : 0;
        if (op != Op.OUTER) {
            for (Condition part : parts) {
                differing |= part.unique;
                most = Math.max(most, part.horizon);
                goals |= part.hasGoal;
                outers |= part.hasOuter;
                counting |= part.counts;
            }
        }
        this.hasGoal = goals;
        this.hasOuter = outers;
        this.counts = counting;
        this.unique = differing;
        this.horizon = most;
    }

    public boolean isTrue() {
        return op == Op.TRUE;
    }

    public boolean isFalse() {
        return op == Op.FALSE;
    }
}
