package dev.weft.chat.jinja.value;

import dev.weft.chat.jinja.budget.PyError;

/**
 * The value of an unknown name or attribute. It is empty text, false, and has no items; any other
 * use of it raises.
 *
 * @param message message of the error
 * @param kind the error raised: UNDEFINED, or SECURITY for attributes that the sandbox hides
 */
public record Undefined(String message, PyError.Kind kind) implements Value {
    public static Undefined name(String name) {
        return new Undefined("'" + name + "' is undefined", PyError.Kind.UNDEFINED);
    }

    public static Undefined because(String message) {
        return new Undefined(message, PyError.Kind.UNDEFINED);
    }

    /** An attribute or item that {@code of} does not have. */
    public static Undefined missing(Value of, Value key) {
        String type = of == None.NONE ? "None" : of.typeName() + " object";
        return because(
                key instanceof Str
                        ? "'" + type + "' has no attribute " + PythonText.repr(key)
                        : type + " has no element " + PythonText.repr(key));
    }

    /** An attribute that the sandbox hides. */
    public static Undefined unsafe(Value of, String attribute) {
        return new Undefined(
                "access to attribute '"
                        + attribute
                        + "' of '"
                        + of.typeName()
                        + "' object is unsafe.",
                PyError.Kind.SECURITY);
    }

    public PyError error() {
        return new PyError(kind, message);
    }

    @Override
    public String typeName() {
        return "Undefined";
    }
}
