package dev.weft.chat.jinja.operation;

import dev.weft.chat.jinja.budget.Budget;
import dev.weft.chat.jinja.value.PyObject;
import dev.weft.chat.jinja.value.Value;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A Python iterator. It gives its items once, and starts its work with the first one. Only for the
 * one thread that renders.
 */
public final class Lazy implements PyObject {
    /** Bytes of an iterator and of its state besides values. */
    private static final int BYTES = 200;

    private final String type;
    private final Supplier<Iterator<Value>> start;
    private @Nullable Iterator<Value> items;

    public Lazy(String type, Supplier<Iterator<Value>> start) {
        Budget.bytes(BYTES);
        this.type = type;
        this.start = start;
    }

    public static Lazy generator(Supplier<Iterator<Value>> start) {
        return new Lazy("generator", start);
    }

    @Override
    public Iterator<Value> iterate() {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return nested(() -> started().hasNext());
            }

            @Override
            public Value next() {
                return nested(() -> started().next());
            }
        };
    }

    /** Iterators may draw from iterators; each level is counted. */
    private static <T> T nested(Supplier<T> work) {
        Budget budget = Budget.down();
        try {
            return work.get();
        } finally {
            Budget.up(budget);
        }
    }

    private Iterator<Value> started() {
        Iterator<Value> running = items;
        if (running == null) {
            running = start.get();
            items = running;
        }
        return running;
    }

    /**
     * The items of {@code source} that {@code wanted} admits; each is tested when it is asked for.
     */
    public static Iterator<Value> filter(Iterator<Value> source, Predicate<Value> wanted) {
        return new Iterator<>() {
            private @Nullable Value next;

            @Override
            public boolean hasNext() {
                while (next == null && source.hasNext()) {
                    Value candidate = source.next();
                    if (wanted.test(candidate)) {
                        next = candidate;
                    }
                }
                return next != null;
            }

            @Override
            public Value next() {
                if (!hasNext() || next == null) {
                    throw new NoSuchElementException();
                }
                Value result = next;
                next = null;
                return result;
            }
        };
    }

    @Override
    public String typeName() {
        return type;
    }
}
