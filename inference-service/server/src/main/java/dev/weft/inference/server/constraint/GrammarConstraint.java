package dev.weft.inference.server.constraint;

import dev.weft.grammar.TokenMatcher;
import dev.weft.grammar.limit.GrammarException;
import dev.weft.inference.engine.EngineException;
import dev.weft.inference.engine.constraint.AnswerGuide;
import dev.weft.inference.engine.constraint.TokenConstraint;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One answer's place in a grammar, as engines ask for it. */
final class GrammarConstraint implements TokenConstraint {
    private static final Logger LOG = LoggerFactory.getLogger(GrammarConstraint.class);

    private final TokenMatcher matcher;
    private final @Nullable AnswerGuide guide;
    private final Ends ends;
    private final Runnable full;
    private final int thoughtTokens;

    /**
     * Tokens that are not text in this answer, though they may be text to the base.
     *
     * @param end tokens that end the answer
     * @param none tokens that may not come at all
     * @param unplanned tokens that no answer counts on to be complete in time, or to end a thought;
     *     those of {@code end} and {@code none} are among them
     */
    record Ends(Set<Integer> end, Set<Integer> none, Set<Integer> unplanned) {
        Ends {
            end = Set.copyOf(end);
            none = Set.copyOf(none);
            unplanned = Set.copyOf(unplanned);
        }
    }

    private int accepted;
    private boolean over;

    /**
     * A constraint at the beginning of an answer.
     *
     * @param guide the same constraint for an engine's own grammar; null if there is none
     * @param thoughtTokens the number of tokens after which a thought has to end
     * @param full called if the grammar has no room left for what walks find, so that no later
     *     request uses it
     */
    GrammarConstraint(
            TokenMatcher matcher,
            @Nullable AnswerGuide guide,
            Ends ends,
            int thoughtTokens,
            Runnable full) {
        this.guide = guide;
        this.thoughtTokens = thoughtTokens;
        this.matcher = matcher;
        this.ends = ends;
        this.full = full;
        try {
            limitThought();
        } catch (GrammarException e) {
            throw failed(e);
        }
    }

    /**
     * Makes the answer end within {@code tokens}, counted from its beginning.
     *
     * @return tokens of the shortest end that was found, one that ends the answer included; if they
     *     are more than {@code tokens}, the answer is not bound
     * @throws GrammarException if none is found
     */
    int endWithin(int tokens) throws GrammarException {
        return matcher.endWithin(tokens, ends.unplanned);
    }

    /**
     * Makes the answer end within {@code tokens}, which are known to be enough.
     *
     * @throws EngineException if they are not enough
     */
    void completeWithin(int tokens) {
        try {
            if (endWithin(tokens) > tokens) {
                throw new EngineException(
                        EngineException.Cause.CONSTRAINT_FAILED,
                        "no answer can be complete within " + tokens + " tokens");
            }
        } catch (GrammarException e) {
            throw failed(e);
        }
    }

    @Override
    public Optional<AnswerGuide> guide() {
        return Optional.ofNullable(guide);
    }

    private void limitThought() throws GrammarException {
        if (accepted >= thoughtTokens) {
            matcher.closeThought(ends.unplanned);
        }
    }

    @Override
    public boolean allows(int token) {
        if (isText(token)) {
            try {
                return matcher.allows(token);
            } catch (GrammarException e) {
                throw failed(e);
            }
        }
        return ends.end.contains(token) && mayEnd();
    }

    @Override
    public Optional<Boolean> tryAllows(int token) {
        if (isText(token)) {
            try {
                return matcher.tryAllows(token);
            } catch (GrammarException e) {
                throw failed(e);
            }
        }
        return Optional.of(ends.end.contains(token) && mayEnd());
    }

    @Override
    public int[] expected(int most) {
        int[] tokens = over ? new int[0] : matcher.expected(most);
        for (int i = 0; i < tokens.length; i++) {
            if (!isText(tokens[i])) {
                return Arrays.copyOf(tokens, i);
            }
        }
        return tokens;
    }

    private boolean isText(int token) {
        return !over && !ends.end.contains(token) && !ends.none.contains(token);
    }

    @Override
    public void mask(long[] bits, long deadline) {
        try {
            matcher.mask(bits, deadline);
        } catch (GrammarException e) {
            throw failed(e);
        }
        ends.none.forEach(token -> bits[token >> 6] &= ~(1L << token));
        boolean end = mayEnd();
        for (int token : ends.end) {
            long bit = 1L << token;
            bits[token >> 6] = end ? bits[token >> 6] | bit : bits[token >> 6] & ~bit;
        }
    }

    @Override
    public void accept(int token) {
        if (ends.end.contains(token)) {
            if (!mayEnd()) {
                throw new IllegalArgumentException("the answer may not end with " + token);
            }
            over = true;
            return;
        }
        try {
            matcher.accept(token);
            accepted++;
            limitThought();
        } catch (GrammarException e) {
            throw failed(e);
        }
    }

    @Override
    public boolean mayEnd() {
        return !over && matcher.mayEnd();
    }

    @Override
    public void rollback(int tokens) {
        int left = tokens;
        if (left > 0 && over) {
            over = false;
            left--;
        }
        matcher.rollback(left);
        accepted -= left;
    }

    private EngineException failed(GrammarException e) {
        if (e.kind() == GrammarException.Kind.TOO_LARGE) {
            full.run();
        }
        if (e.kind() == GrammarException.Kind.FAULT) {
            LOG.error("a grammar's walk has a fault; its answer ends, the others go on", e);
        }
        return new EngineException(
                EngineException.Cause.CONSTRAINT_FAILED,
                "the grammar of the answer can't be followed after "
                        + accepted
                        + " tokens: "
                        + e.getMessage(),
                e);
    }
}
