package dev.weft.chat.jinja.operation;

import dev.weft.chat.jinja.budget.Budget;
import dev.weft.chat.jinja.budget.PyError;
import dev.weft.chat.jinja.format.PercentFormat;
import dev.weft.chat.jinja.value.Int;
import dev.weft.chat.jinja.value.ListValue;
import dev.weft.chat.jinja.value.Numbers;
import dev.weft.chat.jinja.value.Real;
import dev.weft.chat.jinja.value.Str;
import dev.weft.chat.jinja.value.Truth;
import dev.weft.chat.jinja.value.TupleValue;
import dev.weft.chat.jinja.value.Undefined;
import dev.weft.chat.jinja.value.Value;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Python's arithmetic operators. */
public final class Arithmetic {
    private static final long MAX_BITS = 1 << 16;

    private Arithmetic() {}

    public static Value add(Value a, Value b) {
        if (a instanceof Str left && b instanceof Str right) {
            return left.plus(right);
        }
        if (a instanceof ListValue(var left) && b instanceof ListValue(var right)) {
            return new ListValue(joined(left, right));
        }
        if (a instanceof TupleValue left && b instanceof TupleValue right) {
            return new TupleValue(joined(left.items(), right.items()));
        }
        BigInteger x = Numbers.integer(a);
        BigInteger y = Numbers.integer(b);
        if (x != null && y != null) {
            return integer(sum(x, y));
        }
        checkNumbers("+", a, b);
        return new Real(Numbers.real(a) + Numbers.real(b));
    }

    public static Value subtract(Value a, Value b) {
        BigInteger x = Numbers.integer(a);
        BigInteger y = Numbers.integer(b);
        if (x != null && y != null) {
            return integer(sum(x, y.negate()));
        }
        checkNumbers("-", a, b);
        return new Real(Numbers.real(a) - Numbers.real(b));
    }

    public static Value multiply(Value a, Value b) {
        BigInteger x = Numbers.integer(a);
        BigInteger y = Numbers.integer(b);
        if (x != null && y != null) {
            checkBits((long) x.bitLength() + y.bitLength());
            Budget.product(x.bitLength(), y.bitLength());
            return integer(x.multiply(y));
        }
        Value repeated = y != null ? repeat(a, y) : null;
        if (repeated == null && x != null) {
            repeated = repeat(b, x);
        }
        if (repeated != null) {
            return repeated;
        }
        checkNumbers("*", a, b);
        return new Real(Numbers.real(a) * Numbers.real(b));
    }

    private static @Nullable Value repeat(Value value, BigInteger times) {
        boolean sequence =
                value instanceof Str || value instanceof ListValue || value instanceof TupleValue;
        if (sequence && times.bitLength() > 63) {
            throw PyError.overflow("cannot fit 'int' into an index-sized integer");
        }
        int count = Math.max(Numbers.index(new Int(times)), 0);
        if (value instanceof Str str) {
            Budget.room((long) str.text().length() * count);
            Budget.scan((long) str.text().length() * count);
            return str.like(str.text().repeat(count));
        }
        if (value instanceof ListValue(var items)) {
            return new ListValue(repeat(items, count));
        }
        if (value instanceof TupleValue tuple) {
            return new TupleValue(repeat(tuple.items(), count));
        }
        return null;
    }

    private static List<Value> repeat(List<Value> items, int count) {
        Budget.steps((long) items.size() * count);
        Budget.bytes(8L * items.size() * count);
        List<Value> all = new ArrayList<>();
        for (int i = 0; i < count && !items.isEmpty(); i++) {
            all.addAll(items);
        }
        return all;
    }

    public static Value divide(Value a, Value b) {
        checkNumbers("/", a, b);
        if (!Truth.of(b)) {
            throw new PyError(PyError.Kind.ZERO_DIVISION, "division by zero");
        }
        BigInteger x = Numbers.integer(a);
        BigInteger y = Numbers.integer(b);
        if (x != null && y != null) {
            return new Real(IntegerMath.divide(x, y));
        }
        return new Real(Numbers.real(a) / Numbers.real(b));
    }

    public static Value floorDivide(Value a, Value b) {
        checkDivision("//", a, b);
        BigInteger x = Numbers.integer(a);
        BigInteger y = Numbers.integer(b);
        if (x != null && y != null) {
            return integer(IntegerMath.floorDivide(x, y));
        }
        return new Real(FloatMath.floorDivide(Numbers.real(a), Numbers.real(b)));
    }

    public static Value modulo(Value a, Value b) {
        if (a instanceof Str format) {
            return PercentFormat.format(format, b);
        }
        checkDivision("%", a, b);
        BigInteger x = Numbers.integer(a);
        BigInteger y = Numbers.integer(b);
        if (x != null && y != null) {
            return integer(IntegerMath.floorModulo(x, y));
        }
        return new Real(FloatMath.modulo(Numbers.real(a), Numbers.real(b)));
    }

    public static Value power(Value a, Value b) {
        checkNumbers("** or pow()", a, b);
        BigInteger x = Numbers.integer(a);
        BigInteger y = Numbers.integer(b);
        if (x != null && y != null && y.signum() >= 0) {
            if (x.abs().bitLength() > 1) {
                long bits = y.bitLength() > 31 ? Long.MAX_VALUE : x.bitLength() * y.longValue();
                checkBits(bits);
                Budget.product(bits, 2 * bits);
                return integer(x.pow(y.intValueExact()));
            }
            return integer(
                    y.signum() == 0 || (x.signum() < 0 && !y.testBit(0)) ? BigInteger.ONE : x);
        }
        return new Real(FloatMath.power(Numbers.real(a), Numbers.real(b)));
    }

    public static Value negate(Value a) {
        BigInteger x = Numbers.integer(a);
        if (x != null) {
            return integer(x.negate());
        }
        if (a instanceof Real(double number)) {
            return new Real(-number);
        }
        throw unary("-", a);
    }

    public static Value plus(Value a) {
        BigInteger x = Numbers.integer(a);
        if (x != null) {
            return integer(x);
        }
        if (a instanceof Real) {
            return a;
        }
        throw unary("+", a);
    }

    private static PyError unary(String operator, Value a) {
        return a instanceof Undefined undefined
                ? undefined.error()
                : PyError.type(
                        "bad operand type for unary " + operator + ": '" + a.typeName() + "'");
    }

    private static Int integer(BigInteger value) {
        return new Int(value);
    }

    private static List<Value> joined(List<Value> left, List<Value> right) {
        Budget.steps((long) left.size() + right.size());
        List<Value> all = new ArrayList<>(left);
        all.addAll(right);
        return all;
    }

    private static void checkDivision(String operator, Value a, Value b) {
        checkNumbers(operator, a, b);
        if (!Truth.of(b)) {
            throw new PyError(PyError.Kind.ZERO_DIVISION, "integer division or modulo by zero");
        }
    }

    private static void checkNumbers(String operator, Value a, Value b) {
        if (a instanceof Undefined undefined) {
            throw undefined.error();
        }
        if (b instanceof Undefined undefined) {
            throw undefined.error();
        }
        if (!Numbers.isNumber(a) || !Numbers.isNumber(b)) {
            throw PyError.type(
                    "unsupported operand type(s) for "
                            + operator
                            + ": '"
                            + a.typeName()
                            + "' and '"
                            + b.typeName()
                            + "'");
        }
    }

    private static BigInteger sum(BigInteger a, BigInteger b) {
        int bits = Math.max(a.bitLength(), b.bitLength());
        checkBits(bits);
        Budget.scan(bits / Byte.SIZE);
        return a.add(b);
    }

    private static void checkBits(long bits) {
        if (bits > MAX_BITS) {
            throw PyError.limit("an integer of more than " + MAX_BITS + " bits was asked for");
        }
    }
}
