package dev.weft.chat.jinja.builtin.filter;

import dev.weft.chat.jinja.builtin.method.Attributes;
import dev.weft.chat.jinja.value.Args;
import dev.weft.chat.jinja.value.BoundArguments;
import dev.weft.chat.jinja.value.Str;
import dev.weft.chat.jinja.value.Truth;
import dev.weft.chat.jinja.value.Undefined;
import dev.weft.chat.jinja.value.Value;
import java.util.Map;

/** Filters that take any value. */
final class ValueFilters {
    static final Map<String, Filter> FILTERS =
            Map.of(
                    "default", ValueFilters::otherwise,
                    "d", ValueFilters::otherwise,
                    "attr", ValueFilters::attribute);

    private ValueFilters() {}

    private static Value otherwise(Value input, Args args) {
        BoundArguments bound = args.bind("default", 0, "default_value", "boolean");
        boolean missing = input instanceof Undefined || (bound.truth(1, false) && !Truth.of(input));
        return missing ? bound.get(0, Str.EMPTY) : input;
    }

    private static Value attribute(Value input, Args args) {
        return Attributes.attributeOnly(input, args.bind("attr", 1, "name").str(0).text());
    }
}
