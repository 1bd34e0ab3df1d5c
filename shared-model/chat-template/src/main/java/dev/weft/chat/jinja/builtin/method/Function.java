package dev.weft.chat.jinja.builtin.method;

import dev.weft.chat.jinja.budget.Budget;
import dev.weft.chat.jinja.value.Args;
import dev.weft.chat.jinja.value.PyObject;
import dev.weft.chat.jinja.value.Value;

/** A function that templates may call, or a method with what it is bound to. */
public final class Function implements PyObject {
    /** What it does. */
    @FunctionalInterface
    public interface Body {
        Value call(Args args);
    }

    /** With what it is bound to. */
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
