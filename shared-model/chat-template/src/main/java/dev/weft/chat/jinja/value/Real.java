package dev.weft.chat.jinja.value;

/** A float. */
public record Real(double value) implements Value {
    @Override
    public String typeName() {
        return "float";
    }
}
