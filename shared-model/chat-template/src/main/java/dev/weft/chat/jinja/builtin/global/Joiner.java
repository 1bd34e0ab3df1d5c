package dev.weft.chat.jinja.builtin.global;

import dev.weft.chat.jinja.value.Args;
import dev.weft.chat.jinja.value.PyObject;
import dev.weft.chat.jinja.value.Str;
import dev.weft.chat.jinja.value.Value;
import org.jspecify.annotations.Nullable;

/** jinja2's joiner: nothing the first time it is called, its separator afterwards. */
final class Joiner implements PyObject {
    private final Value separator;
    private boolean used;

    Joiner(Args args) {
        separator = args.bind("joiner", 0, "sep").get(0, new Str(", "));
    }

    @Override
    public @Nullable Value attribute(String name) {
        return name.equals("sep") ? separator : null;
    }

    @Override
    public boolean callable() {
        return true;
    }

    @Override
    public Value call(Args args) {
        args.bindPositional("joiner", 0, 0);
        Value result = used ? separator : Str.EMPTY;
        used = true;
        return result;
    }

    @Override
    public String typeName() {
        return "Joiner";
    }
}
