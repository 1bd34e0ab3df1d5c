package dev.weft.chat.jinja.value;

import dev.weft.chat.jinja.budget.PyError;

/**
 * What a name or attribute that isn't there gives: empty text, false, no items; anything else done
 * with it raises.
 *
 * @param message what the error says
 * @param kind the error raised: UNDEFINED, or SECURITY for what the sandbox hides
 */
public record Undefined(String message, PyError.Kind kind) implements Value {
    public static Undefined name(String name) {
        return new Undefined("'" + name + "' is undefined", PyError.Kind.UNDEFINED);
    }

    public static Undefined because(String message) {
        return new Undefined(message, PyError.Kind.UNDEFINED);
    }

    /** Attribute or item that {@code of} does not have. */
    public static Undefined missing(Value of, Value key) {
        String type = of == None.NONE ? "None" : of.typeName() + " object";
        return because(
                key instanceof Str
                        ? "'" + type + "' has no attribute " + Text.repr(key)
                        : type + " has no element " + Text.repr(key));
    }

    /** Attribute that the sandbox hides. */
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
