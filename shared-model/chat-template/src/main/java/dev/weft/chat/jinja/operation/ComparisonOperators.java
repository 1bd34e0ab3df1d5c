package dev.weft.chat.jinja.operation;

import dev.weft.chat.jinja.budget.Budget;
import dev.weft.chat.jinja.budget.PyError;
import dev.weft.chat.jinja.characters.Search;
import dev.weft.chat.jinja.value.DictValue;
import dev.weft.chat.jinja.value.Keys;
import dev.weft.chat.jinja.value.ListValue;
import dev.weft.chat.jinja.value.Numbers;
import dev.weft.chat.jinja.value.RangeValue;
import dev.weft.chat.jinja.value.Str;
import dev.weft.chat.jinja.value.TupleValue;
import dev.weft.chat.jinja.value.Undefined;
import dev.weft.chat.jinja.value.Value;
import java.util.Iterator;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Python's {@code ==}, {@code <} and their kin, and {@code in}. */
public final class ComparisonOperators {
    private ComparisonOperators() {}

    /** {@code a == b}. */
    public static boolean equal(Value a, Value b) {
        Budget.steps(1);
        if (a instanceof Str left && b instanceof Str right) {
            Budget.scan(Math.min(left.text().length(), right.text().length()));
            return left.text().equals(right.text());
        }
        if (Numbers.isNumber(a) && Numbers.isNumber(b)) {
            Integer order = Numbers.compare(a, b);
            return order != null && order == 0;
        }
        if (a instanceof ListValue(var left) && b instanceof ListValue(var right)) {
            return equal(left, right);
        }
        if (a instanceof TupleValue left && b instanceof TupleValue right) {
            return equal(left.items(), right.items());
        }
        if (a instanceof DictValue left && b instanceof DictValue right) {
            return equal(left, right);
        }
        if (a instanceof RangeValue && b instanceof RangeValue) {
            return Keys.of(a).equals(Keys.of(b));
        }
        if (a instanceof DictView left && b instanceof DictView right) {
            return left.sameAs(right);
        }
        if (a instanceof Undefined && b instanceof Undefined) {
            return true;
        }
        return same(a, b);
    }

    private static boolean equal(List<Value> left, List<Value> right) {
        if (left.size() != right.size()) {
            return false;
        }
        Budget.enter();
        try {
            for (int i = 0; i < left.size(); i++) {
                Budget.steps(1);
                if (!same(left.get(i), right.get(i)) && !equal(left.get(i), right.get(i))) {
                    return false;
                }
            }
            return true;
        } finally {
            Budget.leave();
        }
    }

    private static boolean equal(DictValue left, DictValue right) {
        if (left.size() != right.size()) {
            return false;
        }
        Budget.enter();
        try {
            for (DictValue.Entry entry : left.entries()) {
                Budget.steps(1);
                Value other = right.get(entry.key());
                if (other == null || !equal(entry.value(), other)) {
                    return false;
                }
            }
            return true;
        } finally {
            Budget.leave();
        }
    }

    /** True for the same object, as with {@code is}. */
    @SuppressWarnings("ReferenceEquality") // identity is wanted
    public static boolean same(Value a, Value b) {
        return a == b;
    }

    public static boolean less(Value a, Value b) {
        return ordered("<", a, b, order -> order < 0);
    }

    public static boolean lessOrEqual(Value a, Value b) {
        return ordered("<=", a, b, order -> order <= 0);
    }

    public static boolean greater(Value a, Value b) {
        return ordered(">", a, b, order -> order > 0);
    }

    public static boolean greaterOrEqual(Value a, Value b) {
        return ordered(">=", a, b, order -> order >= 0);
    }

    private static boolean ordered(String operator, Value a, Value b, IntPredicate wanted) {
        Budget.steps(1);
        if (a instanceof Undefined undefined) {
            throw undefined.error();
        }
        if (b instanceof Undefined undefined) {
            throw undefined.error();
        }
        if (Numbers.isNumber(a) && Numbers.isNumber(b)) {
            Integer order = Numbers.compare(a, b);
            return order != null && wanted.test(order);
        }
        if (a instanceof Str left && b instanceof Str right) {
            Budget.scan(Math.min(left.text().length(), right.text().length()));
            return wanted.test(codePointOrder(left.text(), right.text()));
        }
        List<Value> left = items(a, b);
        List<Value> right = items(b, a);
        if (left == null || right == null) {
            throw PyError.type(
                    "'"
                            + operator
                            + "' not supported between instances of '"
                            + a.typeName()
                            + "' and '"
                            + b.typeName()
                            + "'");
        }
        return ordered(operator, left, right, wanted);
    }

    private static @Nullable List<Value> items(Value value, Value like) {
        if (value instanceof ListValue(var items) && like instanceof ListValue) {
            return items;
        }
        return value instanceof TupleValue tuple && like instanceof TupleValue
                ? tuple.items()
                : null;
    }

    private static boolean ordered(
            String operator, List<Value> left, List<Value> right, IntPredicate wanted) {
        Budget.enter();
        try {
            for (int i = 0; i < left.size() && i < right.size(); i++) {
                Budget.steps(1);
                if (!same(left.get(i), right.get(i)) && !equal(left.get(i), right.get(i))) {
                    return ordered(operator, left.get(i), right.get(i), wanted);
                }
            }
            return wanted.test(Integer.compare(left.size(), right.size()));
        } finally {
            Budget.leave();
        }
    }

    private static int codePointOrder(String a, String b) {
        int i = 0;
        while (i < a.length() && i < b.length() && a.charAt(i) == b.charAt(i)) {
            i++;
        }
        if (i == a.length() || i == b.length()) {
            return Integer.compare(a.length(), b.length());
        }
        char left = a.charAt(i);
        char right = b.charAt(i);
        boolean astral = Character.isSurrogate(left);
        return astral == Character.isSurrogate(right)
                ? Character.compare(left, right)
                : astral ? 1 : -1;
    }

    /** {@code item in container}. */
    public static boolean contains(Value container, Value item) {
        if (container instanceof Str str) {
            if (item instanceof Str part) {
                return new Search(part.text()).first(str.text(), 0) >= 0;
            }
            throw PyError.type(
                    "'in <string>' requires string as left operand, not " + item.typeName());
        }
        if (container instanceof DictValue dict) {
            return dict.get(item) != null;
        }
        if (container instanceof DictView view && view.kind() == DictView.Kind.KEYS) {
            return view.dict().get(item) != null;
        }
        Iterator<Value> items = Sequences.iterate(container);
        while (items.hasNext()) {
            Value next = items.next();
            if (same(next, item) || equal(next, item)) {
                return true;
            }
        }
        return false;
    }
}
