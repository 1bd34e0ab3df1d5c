package dev.weft.chat.jinja.value;

/** True and False; they count as the integers 1 and 0 if a number is wanted. */
public enum Bool implements Value {
    FALSE,
    TRUE;

    public static Bool of(boolean value) {
        return value ? TRUE : FALSE;
    }

    @Override
    public String typeName() {
        return "bool";
    }
}
