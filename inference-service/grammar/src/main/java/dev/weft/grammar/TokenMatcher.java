package dev.weft.grammar;

import dev.weft.grammar.expression.LimitException;
import dev.weft.grammar.limit.GrammarException;
import dev.weft.grammar.limit.GrammarOptions;
import dev.weft.grammar.limit.Limits;
import dev.weft.grammar.walk.Machine;
import dev.weft.grammar.walk.Place;
import dev.weft.grammar.walk.Position;
import dev.weft.grammar.walk.TokenVocabulary;
import dev.weft.grammar.walk.TokenWalk;
import dev.weft.grammar.walk.Trail;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One answer's place in a grammar. One thread at a time; matchers of one grammar may be used by
 * several threads at once.
 */
public final class TokenMatcher {
    private static final int NONE = -1;

    private final Machine machine;
    private final TokenVocabulary vocabulary;
    private final GrammarOptions options;
    private final Trail trail = new Trail();
    private Place place;

    /** The token that was tested last, and the place behind it; null if it is not allowed. */
    private int tested = NONE;

    private @Nullable Place behindTested;
    private final List<Place> before = new ArrayList<>();

    TokenMatcher(Machine machine, TokenVocabulary vocabulary, GrammarOptions options) {
        this.machine = machine;
        this.vocabulary = vocabulary;
        this.options = options;
        machine.lock().lock();
        try {
            this.place = Place.of(machine.start(), 0, 0);
        } finally {
            machine.lock().unlock();
        }
    }

    /**
     * Whether an answer may go on with a token. Of ends it is the same as {@link #mayEnd}. A token
     * that was tested last is accepted without waiting for others.
     *
     * @throws GrammarException if finding out takes more than the budget
     */
    public boolean allows(int token) throws GrammarException {
        machine.lock().lock();
        try {
            return test(token);
        } finally {
            machine.lock().unlock();
        }
    }

    /**
     * The same, without waiting for another answer in this grammar.
     *
     * @return empty if it would have to wait
     * @throws GrammarException if finding out takes more than the budget
     */
    public Optional<Boolean> tryAllows(int token) throws GrammarException {
        if (!machine.lock().tryLock()) {
            return Optional.empty();
        }
        try {
            return Optional.of(test(token));
        } finally {
            machine.lock().unlock();
        }
    }

    private boolean test(int token) throws GrammarException {
        if (vocabulary.end().contains(token)) {
            return mayEnd();
        }
        tested = NONE;
        try {
            behindTested = walked(token);
            tested = token;
            return behindTested != null;
        } finally {
            trail.cut(place.length());
        }
    }

    /** The place behind a token; the lock is held. */
    private @Nullable Place walked(int token) throws GrammarException {
        byte[] bytes = vocabulary.bytes(token);
        if (bytes == null || bytes.length == 0 || place.ended()) {
            return null;
        }
        machine.budget().begin(options.walkBudget(), Long.MAX_VALUE, options.cancelled());
        try {
            return TokenWalk.walk(trail, place, bytes);
        } catch (LimitException e) {
            throw Limits.exceeded("the answer", e);
        } catch (StackOverflowError e) {
            throw Limits.tooDeep("the answer");
        }
    }

    /**
     * Marks the tokens with which the answer may go on.
     *
     * @param bits {@code [(size + 63) / 64]} or longer, a bit per id; all others become 0
     * @param deadline as {@link System#nanoTime()} counts; {@code Long.MAX_VALUE} for none
     * @throws GrammarException if it takes more than the budget, or the deadline is over
     */
    public void mask(long[] bits, long deadline) throws GrammarException {
        if (bits.length < (vocabulary.size() + 63) / 64) {
            throw new IllegalArgumentException(
                    "%d bits are too few for %d tokens"
                            .formatted(64L * bits.length, vocabulary.size()));
        }
        Arrays.fill(bits, 0);
        if (place.ended()) {
            return;
        }
        machine.lock().lock();
        try {
            machine.budget().begin(options.walkBudget(), deadline, options.cancelled());
            TokenWalk.mask(vocabulary, trail, place, bits);
        } catch (LimitException e) {
            throw Limits.exceeded("the mask", e);
        } catch (StackOverflowError e) {
            throw Limits.tooDeep("the mask");
        } finally {
            machine.lock().unlock();
            trail.cut(place.length());
        }
        if (mayEnd()) {
            for (int end : vocabulary.end()) {
                bits[end >> 6] |= 1L << end;
            }
        }
    }

    /**
     * Goes on with a token.
     *
     * @throws GrammarException if the budget is over
     * @throws IllegalArgumentException if the token is not allowed; the place stays as it was
     */
    public void accept(int token) throws GrammarException {
        Place next;
        if (vocabulary.end().contains(token)) {
            next = mayEnd() ? place.end() : null;
        } else {
            if (tested != token) {
                allows(token);
            }
            next = behindTested;
        }
        if (next == null) {
            throw new IllegalArgumentException("token " + token + " is not allowed here");
        }
        byte[] bytes = vocabulary.bytes(token);
        if (bytes != null && !next.ended()) {
            trail.addAll(bytes, bytes.length);
        }
        before.add(place);
        move(next);
    }

    /** Whether the answer may end here. */
    public boolean mayEnd() {
        return place.mayEnd();
    }

    /** Has the answer end its thought, if it is in one: nothing else may follow then. */
    public void closeThought() {
        machine.lock().lock();
        try {
            Position closing = machine.closing(place.position());
            if (!closing.equals(place.position()) && !place.ended()) {
                move(Place.of(closing, place.length(), place.length()));
            }
        } finally {
            machine.lock().unlock();
        }
    }

    private void move(Place to) {
        place = to;
        tested = NONE;
        behindTested = null;
    }

    /**
     * Undoes the last accepted tokens.
     *
     * @throws IllegalArgumentException if there were fewer
     */
    public void rollback(int tokens) {
        if (tokens < 0 || tokens > before.size()) {
            throw new IllegalArgumentException(
                    "%d tokens can't be undone: %d were accepted".formatted(tokens, before.size()));
        }
        for (int i = 0; i < tokens; i++) {
            move(before.removeLast());
        }
        trail.cut(place.length());
    }
}
