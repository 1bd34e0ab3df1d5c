package dev.weft.chat.jinja.value;

/** Python's None. */
public enum None implements Value {
    NONE;

    @Override
    public String typeName() {
        return "NoneType";
    }
}
