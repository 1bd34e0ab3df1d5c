package dev.weft.model.chat.jinja.builtin;

import dev.weft.model.chat.jinja.value.Args;
import dev.weft.model.chat.jinja.value.Str;
import dev.weft.model.chat.jinja.value.Value;

/** A method of str. */
@FunctionalInterface
interface StringMethod {
    Value apply(Str self, Args args);
}
