package dev.weft.grammar.parse;

import dev.weft.grammar.expression.Expressions;
import dev.weft.grammar.production.Fixpoint;
import dev.weft.grammar.production.Part;
import dev.weft.grammar.production.Productions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes the rests of bodies, each once, and finds what may come next at each. */
final class Rests {
    private static final int BYTES_OF_REST = 160;
    private static final int BYTES_OF_MOVE = 32;

    private final Expressions pool;
    private final Productions productions;
    private final boolean[] nullable;
    private final IdentityHashMap<Part, Integer> numbers = new IdentityHashMap<>();
    private final IdentityHashMap<Part, Boolean> mayBeEmpty = new IdentityHashMap<>();
    private final Map<Key, Rest> made = new HashMap<>();
    private final Rest end = new Rest(0, null, 0, 0, null);
    private final @Nullable Rest[] starts;

    private record Key(int part, int min, int max, int tail) {}

    Rests(Expressions pool, Productions productions) {
        this.pool = pool;
        this.productions = productions;
        this.starts = new Rest[productions.bodies().size()];
        this.nullable =
                Fixpoint.of(productions.bodies(), text -> text.bytes().nullable(), pool.budget());
    }

    /** A body that is over. */
    Rest end() {
        return end;
    }

    /** All of a rule's body. */
    Rest start(int rule) {
        Rest known = starts[rule];
        if (known == null) {
            known = of(productions.bodies().get(rule), end);
            starts[rule] = known;
        }
        return known;
    }

    private Rest of(Part part, Rest tail) {
        return part instanceof Part.Repeated repeated
                ? of(repeated, repeated.min(), repeated.max(), tail)
                : of(part, 1, 1, tail);
    }

    /** A part's number. Equal texts have the same number, and so have calls of the same rule. */
    private int number(Part part) {
        return switch (part) {
            case Part.Text text -> -2 * text.bytes().id() - 1;
            case Part.Call call -> -2 * call.rule() - 2;
            case Part.Sequence _, Part.Either _, Part.Repeated _ ->
                    numbers.computeIfAbsent(part, _ -> numbers.size());
        };
    }

    private Rest of(Part part, int min, int max, Rest tail) {
        if (max == 0) {
            return tail;
        }
        int number = number(part);
        Key key = new Key(number, min, max, tail.id);
        Rest known = made.get(key);
        if (known == null) {
            pool.budget().spend(2);
            pool.hold(BYTES_OF_REST);
            known = new Rest(made.size() + 1, part, min, max, tail);
            made.put(key, known);
        }
        return known;
    }

    /** What may come next. */
    Rest.Moves moves(Rest rest) {
        Rest.Moves known = rest.moves;
        if (known == null) {
            known = new Expansion().of(rest);
            rest.moves = known;
        }
        return known;
    }

    private boolean mayBeEmpty(Part part) {
        Boolean known = mayBeEmpty.get(part);
        if (known == null) {
            known =
                    switch (part) {
                        case Part.Text text -> text.bytes().nullable();
                        case Part.Call call -> nullable[call.rule()];
                        case Part.Sequence sequence ->
                                sequence.parts().stream().allMatch(this::mayBeEmpty);
                        case Part.Either either ->
                                either.parts().stream().anyMatch(this::mayBeEmpty);
                        case Part.Repeated repeated ->
                                repeated.min() == 0 || mayBeEmpty(repeated.part());
                    };
            mayBeEmpty.put(part, known);
        }
        return known;
    }

    /** Everything that is reached without a byte and without a call. */
    private final class Expansion {
        private final Set<Rest> seen = new HashSet<>();
        private final ArrayDeque<Rest> open = new ArrayDeque<>();
        private final List<Rest.Scanned> texts = new ArrayList<>();
        private final List<Rest.Called> calls = new ArrayList<>();
        private boolean ends;

        Rest.Moves of(Rest start) {
            open.add(start);
            while (!open.isEmpty()) {
                Rest rest = open.remove();
                if (seen.add(rest)) {
                    pool.budget().spend(1);
                    expand(rest, rest.part, rest.tail);
                }
            }
            pool.hold((long) BYTES_OF_MOVE * (texts.size() + calls.size()));
            return new Rest.Moves(List.copyOf(texts), List.copyOf(calls), ends);
        }

        private void expand(Rest rest, @Nullable Part part, @Nullable Rest tail) {
            if (part == null || tail == null) {
                ends = true;
                return;
            }
            switch (part) {
                case Part.Text text -> {
                    if (!text.bytes().equals(pool.epsilon())) {
                        texts.add(new Rest.Scanned(text.bytes(), tail));
                    }
                    skip(text, tail);
                }
                case Part.Call call -> {
                    calls.add(new Rest.Called(call.rule(), tail));
                    skip(call, tail);
                }
                case Part.Sequence sequence -> {
                    Rest all = tail;
                    for (Part one : sequence.parts().reversed()) {
                        all = Rests.this.of(one, all);
                    }
                    open.add(all);
                }
                case Part.Either either ->
                        either.parts().forEach(one -> open.add(Rests.this.of(one, tail)));
                case Part.Repeated repeated -> again(rest, repeated, tail);
            }
        }

        private void skip(Part part, Rest tail) {
            if (mayBeEmpty(part)) {
                open.add(tail);
            }
        }

        private void again(Rest rest, Part.Repeated repeated, Rest tail) {
            boolean empty = mayBeEmpty(repeated.part());
            if (empty || rest.min == 0) {
                open.add(tail);
            }
            int min = empty ? 0 : Math.max(0, rest.min - 1);
            int max = rest.max == Part.UNBOUNDED ? rest.max : rest.max - 1;
            Rest more = Rests.this.of(repeated, min, max, tail);
            if (empty && max != 0) {
                // fewer repetitions lead nowhere that these don't
                seen.add(more);
            }
            open.add(Rests.this.of(repeated.part(), more));
        }
    }
}
