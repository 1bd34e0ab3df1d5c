package dev.weft.grammar;

import dev.weft.grammar.completion.Ending;
import dev.weft.grammar.walk.TokenCover;
import dev.weft.grammar.walk.TokenVocabulary;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** The tokens with which an answer can end from its place; found out when they are asked for. */
final class EndPlan {
    private static final int[] NONE = {};

    private final Ending ending;
    private final TokenVocabulary vocabulary;
    private final IntPredicate usable;

    /** Tokens that the answer has taken already. */
    private int taken;

    private int @Nullable [] tokens;
    private boolean covered;

    EndPlan(Ending ending, TokenVocabulary vocabulary, IntPredicate usable) {
        this.ending = ending;
        this.vocabulary = vocabulary;
        this.usable = usable;
    }

    /** The same plan behind its next token. */
    EndPlan behindFirst() {
        EndPlan behind = new EndPlan(ending, vocabulary, usable);
        behind.tokens = tokens();
        behind.covered = true;
        behind.taken = taken + 1;
        return behind;
    }

    /** Its next token; -1 if there is none. */
    int first() {
        int[] all = tokens();
        return all == null || taken >= all.length ? -1 : all[taken];
    }

    /**
     * Whether the answer can end like this within some tokens, the one that ends it included.
     *
     * @param everyByte whether each byte is a token, so that there are no more tokens than bytes
     */
    boolean fits(int left, boolean everyByte) {
        if (everyByte && ending.length() - taken < left) {
            return true;
        }
        int needed = needed();
        return needed >= 0 && needed <= left;
    }

    /**
     * Tokens that are left of the plan, one that ends the answer included; -1 if no tokens spell
     * it.
     */
    int needed() {
        int[] all = tokens();
        return all == null ? -1 : all.length - taken + 1;
    }

    private int @Nullable [] tokens() {
        if (!covered) {
            tokens =
                    ending.length() == 0 ? NONE : TokenCover.of(vocabulary, ending.bytes(), usable);
            covered = true;
        }
        return tokens;
    }
}
