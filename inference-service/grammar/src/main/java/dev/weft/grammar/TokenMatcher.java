package dev.weft.grammar;

import dev.weft.grammar.budget.LimitException;
import dev.weft.grammar.completion.Endings;
import dev.weft.grammar.limit.GrammarErrors;
import dev.weft.grammar.limit.GrammarException;
import dev.weft.grammar.limit.GrammarOptions;
import dev.weft.grammar.place.Gate;
import dev.weft.grammar.place.Machine;
import dev.weft.grammar.place.Place;
import dev.weft.grammar.place.Position;
import dev.weft.grammar.place.Trail;
import dev.weft.grammar.walk.TokenCover;
import dev.weft.grammar.walk.TokenVocabulary;
import dev.weft.grammar.walk.TokenWalk;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One answer's place in a grammar. One thread at a time; matchers of one grammar may be used by
 * several threads at once.
 */
public final class TokenMatcher {
    private static final int NONE = -1;
    private static final long NEVER = Long.MAX_VALUE;

    /** Steps of work that take a few milliseconds. */
    private static final long SOON = 30_000;

    /** Bytes without a choice that are looked at ahead. */
    private static final int FORCED_BYTES = 96;

    private static final int[] NO_TOKENS = {};

    private final Machine machine;
    private final Endings endings;
    private final TokenVocabulary vocabulary;
    private final GrammarOptions options;
    private final Trail trail = new Trail();
    private Place place;

    /** The token that was tested last, and the place behind it; null if it is not allowed. */
    private int tested = NONE;

    private @Nullable Place behindTested;

    /** How the answer can end behind the tested token, if it has to end in time. */
    private @Nullable EndPlan planBehindTested;

    /** The bound of an answer that has to end in time; else null. */
    private @Nullable EndBound bound;

    private final List<Place> before = new ArrayList<>();

    TokenMatcher(
            Machine machine, Endings endings, TokenVocabulary vocabulary, GrammarOptions options) {
        this.machine = machine;
        this.endings = endings;
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
     * Has the answer end in time: from now on a token is allowed only if the answer can still end
     * in time behind it. To be called once.
     *
     * @param tokens that may still come, one that ends the answer included
     * @param unusable tokens that nobody chooses
     * @return tokens of the shortest end that was found, one that ends the answer included; if they
     *     are more than {@code tokens}, no bound is set
     * @throws GrammarException if no end of the answer or of one of its optional parts is found, or
     *     finding one takes more than the budget
     */
    public int endWithin(int tokens, Set<Integer> unusable) throws GrammarException {
        EndBound found =
                guarded(
                        "the shortest answer",
                        () -> {
                            machine.budget()
                                    .begin(options.walkBudget(), NEVER, options.cancelled());
                            return EndBound.of(
                                    endings,
                                    vocabulary,
                                    token -> !unusable.contains(token),
                                    tokens,
                                    trail,
                                    place);
                        });
        if (found == null) {
            throw endless("answer");
        }
        checkParts();
        int needed = found.needed();
        bound = needed <= tokens ? found : null;
        return needed;
    }

    /**
     * Refuses parts that no ending is found for: an answer could never have them, and nobody would
     * know.
     */
    private void checkParts() throws GrammarException {
        for (Machine.Part part : machine.parts()) {
            String what = "the shortest " + part.what();
            Boolean ends =
                    guarded(
                            what,
                            () -> {
                                machine.budget()
                                        .begin(options.walkBudget(), NEVER, options.cancelled());
                                return endings.haveAny(part.begin());
                            });
            if (!Boolean.TRUE.equals(ends)) {
                throw endless(part.what());
            }
        }
    }

    private static GrammarException endless(String what) {
        return new GrammarException(
                GrammarException.Kind.TOO_LARGE,
                "",
                "",
                "no short " + what + " is found that the tokens could be kept for");
    }

    /** Work under the grammar's lock; a limit may end it. */
    private interface Guarded<T> {
        @Nullable T run();
    }

    private <T> @Nullable T guarded(String what, Guarded<T> work) throws GrammarException {
        machine.lock().lock();
        try {
            return work.run();
        } catch (LimitException e) {
            throw GrammarErrors.exceeded(what, e);
        } catch (StackOverflowError e) {
            throw GrammarErrors.tooDeep(what);
        } catch (RuntimeException e) {
            throw GrammarErrors.fault(what, e);
        } finally {
            machine.lock().unlock();
            trail.cut(place.length());
        }
    }

    /**
     * Whether an answer may go on with a token. For a token that ends answers it is the same as
     * {@link #mayEnd}. A token that was tested last is accepted without waiting for others.
     *
     * @throws GrammarException if finding out takes more than the budget
     */
    public boolean allows(int token) throws GrammarException {
        machine.lock().lock();
        try {
            return test(token, options.walkBudget());
        } finally {
            machine.lock().unlock();
        }
    }

    /**
     * As {@link #allows}, but without waiting for another answer in this grammar, or for a long
     * search for an end.
     *
     * @return empty if it would have to wait
     * @throws GrammarException if finding out takes more than the budget
     */
    public Optional<Boolean> tryAllows(int token) throws GrammarException {
        if (!machine.lock().tryLock()) {
            return Optional.empty();
        }
        try {
            long steps = bound == null ? options.walkBudget() : SOON;
            return Optional.of(test(token, Math.min(steps, options.walkBudget())));
        } catch (GrammarException e) {
            if (bound == null) {
                throw e;
            }
            // a search for an end takes longer, so only callers that wait for it make one
            return Optional.empty();
        } finally {
            machine.lock().unlock();
        }
    }

    /**
     * The fewest tokens that spell the text with which the answer has to go on. Empty if the answer
     * has a choice or a bound, or if finding out would have to wait. The tokens are a guess, since
     * others may spell the text, too.
     *
     * @param most tokens
     */
    public int[] expected(int most) {
        if (bound != null || place.ended() || !machine.lock().tryLock()) {
            return NO_TOKENS;
        }
        try {
            machine.budget().begin(SOON, NEVER, options.cancelled());
            byte[] text = TokenWalk.forced(trail, place, FORCED_BYTES);
            int[] tokens = text.length < 2 ? null : TokenCover.of(vocabulary, text, _ -> true);
            return tokens == null
                    ? NO_TOKENS
                    : Arrays.copyOf(tokens, Math.min(most, tokens.length));
        } catch (RuntimeException | StackOverflowError e) {
            // if a mask meets the same fault, it tells what is wrong
            return NO_TOKENS;
        } finally {
            trail.cut(place.length());
            machine.lock().unlock();
        }
    }

    private boolean test(int token, long steps) throws GrammarException {
        if (vocabulary.end().contains(token)) {
            return mayEnd();
        }
        tested = NONE;
        planBehindTested = null;
        try {
            behindTested = walked(token, steps);
            tested = token;
            return behindTested != null;
        } finally {
            trail.cut(place.length());
        }
    }

    /** The place behind a token; the lock is held. */
    private @Nullable Place walked(int token, long steps) throws GrammarException {
        byte[] bytes = vocabulary.bytes(token);
        if (bytes == null || bytes.length == 0 || place.ended()) {
            return null;
        }
        machine.budget().begin(steps, NEVER, options.cancelled());
        try {
            Place behind = TokenWalk.walk(trail, place, bytes);
            if (behind == null || bound == null) {
                return behind;
            }
            planBehindTested = bound.behind(token, trail, behind);
            return planBehindTested == null ? null : behind;
        } catch (LimitException e) {
            throw GrammarErrors.exceeded("the answer", e);
        } catch (StackOverflowError e) {
            throw GrammarErrors.tooDeep("the answer");
        } catch (RuntimeException e) {
            throw GrammarErrors.fault("the answer", e);
        }
    }

    /**
     * Marks the tokens with which the answer may go on.
     *
     * @param bits {@code [(size + 63) / 64]} or longer, a bit per id; all others become 0
     * @param deadline as {@link System#nanoTime()} counts; {@code Long.MAX_VALUE} for none
     * @throws GrammarException if it takes more than the budget, the deadline is over, or the walk
     *     has a fault
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
        guarded(
                "the mask",
                () -> {
                    machine.budget().begin(options.walkBudget(), deadline, options.cancelled());
                    mark(bits);
                    return null;
                });
        if (mayEnd()) {
            for (int end : vocabulary.end()) {
                bits[end >> 6] |= 1L << end;
            }
        }
    }

    private void mark(long[] bits) {
        EndBound held = bound;
        if (held == null) {
            TokenWalk.mask(vocabulary, trail, place, Gate.OPEN, bits);
            return;
        }
        int planned = held.beginMask();
        TokenWalk.mask(vocabulary, trail, place, held, bits);
        if (planned >= 0) {
            bits[planned >> 6] |= 1L << planned;
        }
    }

    /**
     * Goes on with a token.
     *
     * @throws GrammarException if the budget is over, or the walk has a fault
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
        if (bound != null) {
            if (next.ended() || planBehindTested == null) {
                bound.end();
            } else {
                bound.accept(planBehindTested);
            }
        }
        move(next);
    }

    /** Whether the answer may end here. */
    public boolean mayEnd() {
        return place.mayEnd();
    }

    /**
     * Has the answer end its thought, if it is in one: only the thought's end mark may follow then.
     * If the mark is an added token, it comes as that token.
     *
     * @param unusable tokens that nobody chooses
     * @throws GrammarException if the budget is over
     */
    public void closeThought(Set<Integer> unusable) throws GrammarException {
        guarded(
                "the end of a thought",
                () -> {
                    Position closing =
                            machine.closing(
                                    place.position(),
                                    text ->
                                            vocabulary.isAdded(
                                                    text, token -> !unusable.contains(token)));
                    if (!closing.equals(place.position()) && !place.ended()) {
                        move(Place.of(closing, place.length(), place.length()));
                        if (bound != null) {
                            machine.budget()
                                    .begin(options.walkBudget(), NEVER, options.cancelled());
                            bound.moved(trail, place);
                        }
                    }
                    return null;
                });
    }

    private void move(Place to) {
        place = to;
        tested = NONE;
        behindTested = null;
        planBehindTested = null;
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
        if (bound != null) {
            bound.rollback(tokens);
        }
        trail.cut(place.length());
    }
}
