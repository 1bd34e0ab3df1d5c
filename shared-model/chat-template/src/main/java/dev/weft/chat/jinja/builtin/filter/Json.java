package dev.weft.chat.jinja.builtin.filter;

import dev.weft.chat.jinja.budget.Budget;
import dev.weft.chat.jinja.budget.PyError;
import dev.weft.chat.jinja.characters.Out;
import dev.weft.chat.jinja.operation.ComparisonOperators;
import dev.weft.chat.jinja.value.Bool;
import dev.weft.chat.jinja.value.DictValue;
import dev.weft.chat.jinja.value.Int;
import dev.weft.chat.jinja.value.ListValue;
import dev.weft.chat.jinja.value.None;
import dev.weft.chat.jinja.value.PyObject;
import dev.weft.chat.jinja.value.PythonText;
import dev.weft.chat.jinja.value.RangeValue;
import dev.weft.chat.jinja.value.Real;
import dev.weft.chat.jinja.value.Str;
import dev.weft.chat.jinja.value.TupleValue;
import dev.weft.chat.jinja.value.Undefined;
import dev.weft.chat.jinja.value.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Python's {@code json.dumps}. */
public final class Json {
    /**
     * The style of the output.
     *
     * @param indent text of one level, null for a single line
     */
    public record Style(
            boolean ascii,
            @Nullable String indent,
            String itemSeparator,
            String keySeparator,
            boolean sortKeys) {}

    private final Style style;
    private final Out out = new Out();
    private int level;

    private Json(Style style) {
        this.style = style;
    }

    public static String dumps(Value value, Style style) {
        Json json = new Json(style);
        json.write(value);
        return json.out.toString();
    }

    private void write(Value value) {
        Budget.steps(1);
        switch (value) {
            case Str str -> string(str.text());
            case ListValue(var items) -> array(items);
            case TupleValue tuple -> array(tuple.items());
            case DictValue dict -> object(dict);
            case None _, Bool _, Int _, Real _ -> out.append(scalar(value));
            case RangeValue _, Undefined _, PyObject _ ->
                    throw PyError.type(
                            "Object of type " + value.typeName() + " is not JSON serializable");
        }
    }

    private static String scalar(Value value) {
        if (value == None.NONE) {
            return "null";
        }
        if (value instanceof Bool bool) {
            return bool == Bool.TRUE ? "true" : "false";
        }
        if (value instanceof Real(double number)) {
            return Double.isNaN(number)
                    ? "NaN"
                    : Double.isInfinite(number)
                            ? number > 0 ? "Infinity" : "-Infinity"
                            : PythonText.real(number);
        }
        return PythonText.str(value);
    }

    private void array(List<Value> items) {
        if (items.isEmpty()) {
            out.append("[]");
            return;
        }
        open("[");
        boolean first = true;
        for (Value item : items) {
            separate(first);
            write(item);
            first = false;
        }
        close("]");
    }

    private void object(DictValue dict) {
        if (dict.size() == 0) {
            out.append("{}");
            return;
        }
        open("{");
        boolean first = true;
        for (DictValue.Entry entry : entries(dict)) {
            separate(first);
            string(key(entry.key()));
            out.append(style.keySeparator);
            write(entry.value());
            first = false;
        }
        close("}");
    }

    private List<DictValue.Entry> entries(DictValue dict) {
        Budget.steps(dict.size());
        List<DictValue.Entry> entries = new ArrayList<>(dict.entries());
        return style.sortKeys
                ? Sorting.sorted(entries, (a, b) -> ComparisonOperators.less(a.key(), b.key()))
                : entries;
    }

    private static String key(Value key) {
        return switch (key) {
            case Str str -> str.text();
            case None _, Bool _, Int _, Real _ -> scalar(key);
            case ListValue _, TupleValue _, DictValue _, RangeValue _, Undefined _, PyObject _ ->
                    throw PyError.type(
                            "keys must be str, int, float, bool or None, not " + key.typeName());
        };
    }

    private void open(String bracket) {
        Budget.enter();
        out.append(bracket);
        level++;
        newline();
    }

    private void close(String bracket) {
        level--;
        newline();
        out.append(bracket);
        Budget.leave();
    }

    private void separate(boolean first) {
        if (!first) {
            out.append(style.itemSeparator);
            newline();
        }
    }

    private void newline() {
        String indent = style.indent;
        if (indent != null) {
            Budget.room((long) indent.length() * level);
            out.append("\n").append(indent.repeat(level));
        }
    }

    private void string(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\f' -> out.append("\\f");
                case '\b' -> out.append("\\b");
                default -> {
                    if (c < 0x20 || (style.ascii && c > 0x7e)) {
                        out.hex("\\u", c, 4);
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
