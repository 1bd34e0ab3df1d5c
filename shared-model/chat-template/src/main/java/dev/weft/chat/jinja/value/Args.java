package dev.weft.chat.jinja.value;

import dev.weft.chat.jinja.budget.PyError;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Arguments of a call. */
public record Args(List<Value> positional, Map<String, Value> keywords) {
    public static final Args NONE = new Args(List.of(), Map.of());

    public Args {
        positional = List.copyOf(positional);
        keywords = new LinkedHashMap<>(keywords);
    }

    public static Args of(Value... positional) {
        return new Args(List.of(positional), Map.of());
    }

    /**
     * Binds to parameters that may be given by position or name, as a Python function declares
     * them.
     *
     * @param required number of leading ones that must be given
     */
    public BoundArguments bind(String function, int required, String... names) {
        if (positional.size() > names.length) {
            throw PyError.type(function + "() takes at most " + names.length + " arguments");
        }
        @Nullable Value[] values = new @Nullable Value[names.length];
        for (int i = 0; i < positional.size(); i++) {
            values[i] = positional.get(i);
        }
        int taken = 0;
        for (int i = 0; i < names.length; i++) {
            Value value = keywords.get(names[i]);
            if (value != null) {
                if (values[i] != null) {
                    throw PyError.type(
                            function + "() got multiple values for argument '" + names[i] + "'");
                }
                values[i] = value;
                taken++;
            }
            if (i < required && values[i] == null) {
                throw PyError.type(function + "() misses the argument '" + names[i] + "'");
            }
        }
        if (taken < keywords.size()) {
            throw PyError.type(
                    function + "() got an unexpected keyword argument among " + keywords.keySet());
        }
        return new BoundArguments(function, values);
    }

    /** Binds to parameters without names, as many of Python's own methods have them. */
    public BoundArguments bindPositional(String function, int required, int most) {
        if (!keywords.isEmpty()) {
            throw PyError.type(function + "() takes no keyword arguments");
        }
        if (positional.size() < required || positional.size() > most) {
            throw PyError.type(
                    function
                            + "() takes "
                            + required
                            + " to "
                            + most
                            + " arguments, got "
                            + positional.size());
        }
        @Nullable Value[] values = new @Nullable Value[most];
        for (int i = 0; i < positional.size(); i++) {
            values[i] = positional.get(i);
        }
        return new BoundArguments(function, values);
    }
}
