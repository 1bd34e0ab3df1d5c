package dev.weft.chat.jinja.value;

/** Python's truth of a value. */
public final class Truth {
    private Truth() {}

    public static boolean of(Value value) {
        return switch (value) {
            case None _, Undefined _ -> false;
            case Bool bool -> bool == Bool.TRUE;
            case Int(var number) -> number.signum() != 0;
            case Real(double number) -> number != 0;
            case Str str -> !str.text().isEmpty();
            case ListValue(var items) -> !items.isEmpty();
            case TupleValue tuple -> !tuple.items().isEmpty();
            case DictValue dict -> dict.size() > 0;
            case RangeValue range -> range.length() > 0;
            case PyObject object -> object.size() != 0;
        };
    }
}
