package dev.weft.chat.jinja.builtin.method;

import dev.weft.chat.jinja.value.Args;
import dev.weft.chat.jinja.value.Str;
import dev.weft.chat.jinja.value.Value;

/** A method of str. */
@FunctionalInterface
interface StringMethod {
    Value apply(Str self, Args args);
}
