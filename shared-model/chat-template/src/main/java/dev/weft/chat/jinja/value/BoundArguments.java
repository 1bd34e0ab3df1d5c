package dev.weft.chat.jinja.value;

import dev.weft.chat.jinja.budget.PyError;
import org.jspecify.annotations.Nullable;

/** Arguments in the order of a function's parameters; an omitted one is absent. */
public final class BoundArguments {
    private final String function;
    private final @Nullable Value[] values;

    BoundArguments(String function, @Nullable Value[] values) {
        this.function = function;
        this.values = values;
    }

    public boolean has(int index) {
        return values[index] != null;
    }

    /** True if it was given and is not None. */
    public boolean hasValue(int index) {
        return values[index] != null && values[index] != None.NONE;
    }

    public Value get(int index) {
        Value value = values[index];
        if (value == null) {
            throw PyError.type(function + "() misses argument " + (index + 1));
        }
        return value;
    }

    public Value get(int index, Value otherwise) {
        Value value = values[index];
        return value == null ? otherwise : value;
    }

    public boolean truth(int index, boolean otherwise) {
        Value value = values[index];
        return value == null ? otherwise : Truth.of(value);
    }

    public Str str(int index) {
        if (get(index) instanceof Str str) {
            return str;
        }
        throw PyError.type(
                function
                        + "() argument "
                        + (index + 1)
                        + " must be str, not "
                        + get(index).typeName());
    }

    /**
     * An integer that fits an int; larger ones are clamped to its range, like lengths and
     * positions.
     */
    public int integer(int index) {
        return Numbers.index(get(index));
    }

    /** An integer so small that differences fit a long; larger ones are an OverflowError. */
    public long wide(int index) {
        return Numbers.wide(get(index));
    }

    public int integer(int index, int otherwise) {
        return has(index) ? integer(index) : otherwise;
    }
}
