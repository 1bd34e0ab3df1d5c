package dev.weft.chat.jinja.builtin.method;

import dev.weft.chat.jinja.budget.PyError;
import dev.weft.chat.jinja.value.Bool;
import dev.weft.chat.jinja.value.DictValue;
import dev.weft.chat.jinja.value.Int;
import dev.weft.chat.jinja.value.ListValue;
import dev.weft.chat.jinja.value.None;
import dev.weft.chat.jinja.value.Numbers;
import dev.weft.chat.jinja.value.PyObject;
import dev.weft.chat.jinja.value.RangeValue;
import dev.weft.chat.jinja.value.Real;
import dev.weft.chat.jinja.value.Str;
import dev.weft.chat.jinja.value.TupleValue;
import dev.weft.chat.jinja.value.Undefined;
import dev.weft.chat.jinja.value.Value;
import java.math.BigInteger;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Attribute and item look-up as in jinja2's ImmutableSandboxedEnvironment. {@code a.b} asks for the
 * attribute first and then for the item, {@code a['b']} the other way round. Methods that would
 * change a container are hidden.
 */
public final class Attributes {
    private static final Set<String> LIST_CHANGES =
            Set.of("append", "clear", "pop", "reverse", "insert", "sort", "extend", "remove");
    private static final Set<String> DICT_CHANGES =
            Set.of("clear", "pop", "popitem", "setdefault", "update");

    private Attributes() {}

    /** {@code value.name}. */
    public static Value attribute(Value value, String name) {
        if (hidden(value, name)) {
            return Undefined.unsafe(value, name);
        }
        Value attribute = python(value, name);
        if (attribute != null) {
            return attribute;
        }
        Value item = pythonItem(value, new Str(name));
        return item == null ? Undefined.missing(value, new Str(name)) : item;
    }

    /** {@code value[key]}. */
    public static Value item(Value value, Value key) {
        Value item = pythonItem(value, key);
        if (item != null) {
            return item;
        }
        if (key instanceof Str name) {
            if (hidden(value, name.text())) {
                return Undefined.unsafe(value, name.text());
            }
            Value attribute = python(value, name.text());
            if (attribute != null) {
                return attribute;
            }
        }
        return Undefined.missing(value, key);
    }

    /** The filter {@code attr}: attributes only. */
    public static Value attributeOnly(Value value, String name) {
        if (hidden(value, name)) {
            return Undefined.unsafe(value, name);
        }
        Value attribute = python(value, name);
        return attribute == null ? Undefined.missing(value, new Str(name)) : attribute;
    }

    /** Names that exist in Python and that the sandbox does not let templates use. */
    private static boolean hidden(Value value, String name) {
        if (value instanceof Undefined undefined) {
            throw undefined.error();
        }
        if (name.length() > 4 && name.startsWith("__") && name.endsWith("__")) {
            return true;
        }
        return (value instanceof ListValue && LIST_CHANGES.contains(name))
                || (value instanceof DictValue && DICT_CHANGES.contains(name))
                || (value instanceof Str && StringMethods.UNSUPPORTED.contains(name));
    }

    private static @Nullable Value python(Value value, String name) {
        return switch (value) {
            case Str str -> StringMethods.bind(str, name);
            case DictValue dict -> ContainerMethods.of(dict, name);
            case ListValue(var items) -> ContainerMethods.ofList(items, name);
            case TupleValue tuple -> ContainerMethods.of(tuple, name);
            case RangeValue range -> ContainerMethods.of(range, name);
            case Int _, Bool _, Real _ -> NumberMethods.of(value, name);
            case PyObject object -> object.attribute(name);
            case None _ -> null;
            case Undefined undefined -> throw undefined.error();
        };
    }

    /** Null if Python raises TypeError or LookupError. */
    private static @Nullable Value pythonItem(Value value, Value key) {
        return switch (value) {
            case DictValue dict -> dictItem(dict, key);
            case ListValue(var items) -> at(items, key);
            case TupleValue tuple -> at(tuple.items(), key);
            case Str str -> character(str, key);
            case RangeValue range -> {
                int index = index(range.length(), key);
                yield index < 0 ? null : range.get(index);
            }
            case Undefined undefined -> throw undefined.error();
            case None _, Bool _, Int _, Real _, PyObject _ -> null;
        };
    }

    private static @Nullable Value dictItem(DictValue dict, Value key) {
        try {
            return dict.get(key);
        } catch (PyError e) {
            if (e.kind() == PyError.Kind.TYPE) {
                return null;
            }
            throw e;
        }
    }

    private static @Nullable Value at(List<Value> items, Value key) {
        int index = index(items.size(), key);
        return index < 0 ? null : items.get(index);
    }

    private static @Nullable Value character(Str str, Value key) {
        if (Numbers.integer(key) == null) {
            return null;
        }
        int index = index(str.length(), key);
        return index < 0 ? null : str.like(str.slice(index, index + 1));
    }

    /** Position that a key stands for; -1 if there is none. */
    private static int index(int length, Value key) {
        BigInteger number = Numbers.integer(key);
        if (number == null || number.bitLength() > 31) {
            return -1;
        }
        long index = number.longValue();
        long absolute = index < 0 ? index + length : index;
        return absolute < 0 || absolute >= length ? -1 : (int) absolute;
    }
}
