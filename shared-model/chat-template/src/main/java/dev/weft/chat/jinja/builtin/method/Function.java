package dev.weft.chat.jinja.builtin.method;

import dev.weft.chat.jinja.budget.Budget;
import dev.weft.chat.jinja.value.Args;
import dev.weft.chat.jinja.value.PyObject;
import dev.weft.chat.jinja.value.Value;

/** A function that templates may call, or a method bound to a value. */
public final class Function implements PyObject {
    /** The function's code. */
    @FunctionalInterface
    public interface Body {
        Value call(Args args);
    }

    /** Bytes of a function, its bound value included. */
    private static final int BYTES = 64;

    private final String name;
    private final Body body;

    public Function(String name, Body body) {
        Budget.bytes(BYTES);
        this.name = name;
        this.body = body;
    }

    @Override
    public boolean callable() {
        return true;
    }

    @Override
    public Value call(Args args) {
        return body.call(args);
    }

    @Override
    public String typeName() {
        return "function";
    }

    @Override
    public String repr() {
        return "<function " + name + ">";
    }
}
