package dev.weft.chat.jinja.builtin.filter;

import dev.weft.chat.jinja.value.Args;
import dev.weft.chat.jinja.value.Value;

/** A filter. It takes the value before the bar, and its arguments. */
@FunctionalInterface
public interface Filter {
    Value apply(Value input, Args args);
}
