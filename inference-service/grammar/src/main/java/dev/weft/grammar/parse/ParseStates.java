package dev.weft.grammar.parse;

import dev.weft.grammar.expression.Expression;
import dev.weft.grammar.expression.Expressions;
import dev.weft.grammar.production.Productions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds states, each once as long as it isn't forgotten.
 *
 * <p>Without lexemes a text both goes on and is over wherever both are possible. With lexemes the
 * texts that began at one place go on as long as one of them can. Then the longest are over, all
 * that end there, as in llguidance.
 */
final class ParseStates {
    private static final int BYTES_OF_STATE = 160;
    private static final int BYTES_OF_THREAD = 24;
    private static final int MOST_ENDINGS = 64;
    private static final int WITHIN = 0;
    private static final int AT_START = 1;
    private static final int AT_START_AND_DONE = 2;

    /**
     * Texts behind a byte, before the closure adds the texts that may follow those that are over.
     */
    private static final int KERNEL = 3;

    private final Expressions pool;
    private final Productions productions;
    private final Rests rests;
    private final Frames frames;
    private final WalkMemory memory;
    private @Nullable Costs costs;
    private final Map<Ids, ParseState> made = new HashMap<>();
    private final List<ParseState> withTables = new ArrayList<>();

    /**
     * No states yet.
     *
     * @param most bytes that results of walks may take
     */
    ParseStates(Expressions pool, Productions productions, long most) {
        this.pool = pool;
        this.productions = productions;
        this.rests = new Rests(pool, productions);
        this.memory = new WalkMemory(pool, most);
        this.frames = new Frames(pool.budget(), memory);
        memory.onForget(() -> {
            made.clear();
            withTables.forEach(ParseState::drop);
            withTables.clear();
        });
    }

    /** Where an answer begins. Ignored text may not come yet. */
    ParseState start() {
        Threads threads = new Threads(pool);
        Closure closure = new Closure(pool, rests, frames, threads);
        closure.add(rests.start(productions.root()), frames.root());
        boolean done = closure.run();
        return new ParseState(this, threads, done, false);
    }

    void hasTable(ParseState state, long bytes) {
        memory.hold(bytes);
        withTables.add(state);
    }

    boolean takes(long bytes) {
        return memory.takes(bytes);
    }

    @Nullable ParseState behind(ParseState state, int b) {
        pool.budget().spend(1 + state.size() / 4);
        Threads alive = new Threads(pool);
        state.forEach((text, link) -> step(text, link, b, alive));
        if (!productions.lexemes().longest()) {
            return alive.size() == 0 ? null : closed(alive);
        }
        Expression ignored = productions.lexemes().ignored();
        if (ignored != null && state.between) {
            Expression begun = pool.step(ignored, b);
            if (!begun.isEmpty()) {
                alive.add(begun, frames.restart(state));
            }
        }
        if (alive.size() > 0) {
            return made(alive, alive.key(WITHIN), false, false);
        }
        ParseState ended = state.ended();
        return ended == null ? null : behind(ended, b);
    }

    private void step(Expression text, Link link, int b, Threads alive) {
        Expression behind = pool.step(text, b);
        if (!behind.isEmpty()) {
            alive.add(behind, link);
        }
    }

    /** The state of texts that have gone on, and of the texts behind those that may be over. */
    private ParseState closed(Threads alive) {
        Ids kernel = alive.key(KERNEL);
        ParseState known = made.get(kernel);
        if (known != null) {
            return known;
        }
        Threads all = new Threads(pool);
        Closure closure = new Closure(pool, rests, frames, all);
        alive.forEach((text, link) -> {
            if (!text.equals(pool.epsilon())) {
                all.add(text, link);
            }
            if (text.nullable()) {
                closure.add(link);
            }
        });
        boolean done = closure.run();
        ParseState state = atStart(all, done);
        memory.hold(BYTES_OF_STATE + 8L * kernel.size());
        made.put(kernel, state);
        return state;
    }

    /** The state behind texts that may be over; null if none may. Only if texts are longest. */
    @Nullable ParseState ended(ParseState state) {
        Threads all = new Threads(pool);
        Closure closure = new Closure(pool, rests, frames, all);
        boolean[] any = {false};
        state.forEach((text, link) -> {
            if (text.nullable()) {
                any[0] = true;
                closure.add(link);
            }
        });
        return any[0] ? atStart(all, closure.run()) : null;
    }

    private ParseState atStart(Threads threads, boolean done) {
        Ids key = threads.key(done ? AT_START_AND_DONE : AT_START);
        return made(threads, key, done, true);
    }

    private ParseState made(Threads threads, Ids key, boolean done, boolean between) {
        ParseState known = made.get(key);
        if (known == null) {
            memory.holdKept(BYTES_OF_STATE + (long) BYTES_OF_THREAD * threads.size());
            known = new ParseState(this, threads, done, between);
            made.put(key, known);
        }
        return known;
    }

    Costs costs() {
        Costs known = costs;
        if (known == null) {
            known = new Costs(productions, pool.budget());
            costs = known;
        }
        return known;
    }

    /** The shortest rest of each text that may go on, for {@link #MOST_ENDINGS} of them at most. */
    List<byte[]> endings(ParseState state) {
        List<byte[]> all = new ArrayList<>();
        state.forEach((text, _) -> {
            byte[] rest = all.size() < MOST_ENDINGS ? pool.shortest(text) : null;
            if (rest != null && rest.length > 0) {
                all.add(rest);
            }
        });
        return all;
    }

    boolean complete(ParseState state) {
        if (state.done || !productions.lexemes().longest()) {
            return state.done;
        }
        ParseState ended = state.ended();
        return ended != null && ended.done;
    }
}
