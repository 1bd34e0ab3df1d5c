package dev.weft.grammar;

import dev.weft.grammar.expression.LimitException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One answer's place in a grammar. One thread at a time; matchers of one grammar may be used by
 * several threads at once.
 */
public final class TokenMatcher {
    private final Machine machine;
    private final TokenVocabulary vocabulary;
    private final GrammarOptions options;
    private final Trail trail = new Trail();
    private Place place;
    private final List<Place> before = new ArrayList<>();

    /**
     * A place behind a token.
     *
     * @param start offset of the lexeme in the trail
     * @param length of the trail
     * @param ended whether an end token was the last
     */
    record Place(Position position, int start, int length, boolean ended) {}

    TokenMatcher(Machine machine, TokenVocabulary vocabulary, GrammarOptions options) {
        this.machine = machine;
        this.vocabulary = vocabulary;
        this.options = options;
        this.place = new Place(machine.start(), 0, 0, false);
    }

    /**
     * Whether an answer may go on with a token. Of ends it is the same as {@link #mayEnd}.
     *
     * @throws GrammarException if finding out takes more than the budget
     */
    public boolean allows(int token) throws GrammarException {
        if (vocabulary.end().contains(token)) {
            return mayEnd();
        }
        try {
            return walked(token) != null;
        } finally {
            trail.cut(place.length);
        }
    }

    private @Nullable Place walked(int token) throws GrammarException {
        byte[] bytes = vocabulary.bytes(token);
        if (bytes == null || bytes.length == 0 || place.ended) {
            return null;
        }
        synchronized (machine) {
            machine.budget().begin(options.walkBudget(), Long.MAX_VALUE, options.cancelled());
            try {
                return TokenWalk.walk(trail, place, bytes);
            } catch (LimitException e) {
                throw Limits.exceeded("the answer", e);
            } catch (StackOverflowError e) {
                throw Limits.tooDeep("the answer");
            }
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
        if (place.ended) {
            return;
        }
        synchronized (machine) {
            machine.budget().begin(options.walkBudget(), deadline, options.cancelled());
            try {
                TokenWalk.mask(vocabulary, trail, place, bits);
            } catch (LimitException e) {
                throw Limits.exceeded("the mask", e);
            } catch (StackOverflowError e) {
                throw Limits.tooDeep("the mask");
            } finally {
                trail.cut(place.length);
            }
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
            next = mayEnd() ? new Place(place.position, place.start, place.length, true) : null;
        } else {
            next = walked(token);
        }
        if (next == null) {
            trail.cut(place.length);
            throw new IllegalArgumentException("token " + token + " is not allowed here");
        }
        before.add(place);
        place = next;
    }

    /** Whether the answer may end here. */
    public boolean mayEnd() {
        synchronized (machine) {
            return !place.ended && place.position.spot().mayEnd(place.position.scan());
        }
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
            place = before.removeLast();
        }
        trail.cut(place.length);
    }
}
