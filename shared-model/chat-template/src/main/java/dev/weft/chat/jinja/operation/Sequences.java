package dev.weft.chat.jinja.operation;

import dev.weft.chat.jinja.budget.Budget;
import dev.weft.chat.jinja.budget.PyError;
import dev.weft.chat.jinja.characters.Out;
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
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.PrimitiveIterator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Iteration, length and slices. */
public final class Sequences {
    private Sequences() {}

    /** {@code iter(value)}; each item counts as a step. */
    public static Iterator<Value> iterate(Value value) {
        Iterator<Value> items =
                switch (value) {
                    case Str str -> characters(str);
                    case ListValue(var list) -> list.iterator();
                    case TupleValue tuple -> tuple.items().iterator();
                    case DictValue dict -> dict.keys().iterator();
                    case RangeValue range -> integers(range);
                    case Undefined _ -> Collections.emptyIterator();
                    case PyObject object -> object.iterate();
                    case None _, Bool _, Int _, Real _ -> null;
                };
        if (items == null) {
            throw PyError.type("'" + value.typeName() + "' object is not iterable");
        }
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return items.hasNext();
            }

            @Override
            public Value next() {
                Budget.steps(1);
                return items.next();
            }
        };
    }

    /** {@code list(value)}. */
    public static List<Value> list(Value value) {
        List<Value> all = new ArrayList<>();
        iterate(value)
                .forEachRemaining(item -> {
                    Budget.bytes(8);
                    all.add(item);
                });
        return all;
    }

    /** {@code reversed(value)} as a list; null if Python refuses it. */
    public static @Nullable List<Value> reversed(Value value) {
        boolean reversible =
                switch (value) {
                    case Str _, ListValue _, TupleValue _, DictValue _, RangeValue _ -> true;
                    case Undefined _, DictView _ -> true;
                    case None _, Bool _, Int _, Real _, PyObject _ -> false;
                };
        return reversible ? list(value).reversed() : null;
    }

    /** {@code len(value)}. */
    public static int length(Value value) {
        int length =
                switch (value) {
                    case Str str -> str.length();
                    case ListValue(var items) -> items.size();
                    case TupleValue tuple -> tuple.items().size();
                    case DictValue dict -> dict.size();
                    case RangeValue range -> range.length();
                    case Undefined _ -> 0;
                    case PyObject object -> object.size();
                    case None _, Bool _, Int _, Real _ -> -1;
                };
        if (length < 0) {
            throw PyError.type("object of type '" + value.typeName() + "' has no len()");
        }
        return length;
    }

    /** {@code value[start:stop:step]}; null stands for an omitted part. */
    public static Value slice(
            Value value, @Nullable Value start, @Nullable Value stop, @Nullable Value step) {
        return switch (value) {
            case Str str -> sliceText(str, Slice.of(str.length(), start, stop, step));
            case ListValue(var items) ->
                    new ListValue(slice(items, Slice.of(items.size(), start, stop, step)));
            case TupleValue tuple ->
                    new TupleValue(
                            slice(
                                    tuple.items(),
                                    Slice.of(tuple.items().size(), start, stop, step)));
            case RangeValue range -> slice(range, Slice.of(range.length(), start, stop, step));
            case Undefined undefined -> throw undefined.error();
            case DictValue _, None _, Bool _, Int _, Real _, PyObject _ ->
                    throw PyError.type("'" + value.typeName() + "' object can't be sliced");
        };
    }

    private static Value sliceText(Str str, Slice slice) {
        if (slice.step() == 1) {
            int end = (int) Math.max(slice.start(), slice.stop());
            return str.like(str.slice((int) slice.start(), end));
        }
        Budget.scan(str.text().length());
        Budget.bytes(8L * str.text().length());
        int[] points = str.text().codePoints().toArray();
        Out text = new Out();
        slice.indices().forEach(i -> text.appendCodePoint(points[i]));
        return str.like(text.toString());
    }

    private static List<Value> slice(List<Value> items, Slice slice) {
        List<Value> part = new ArrayList<>();
        Budget.steps(slice.indices().count());
        slice.indices().forEach(i -> part.add(items.get(i)));
        return part;
    }

    private static Value slice(RangeValue range, Slice slice) {
        return RangeValue.of(
                range.start() + slice.start() * range.step(),
                range.start() + slice.stop() * range.step(),
                range.step() * slice.step());
    }

    private static Iterator<Value> characters(Str str) {
        PrimitiveIterator.OfInt points = str.text().codePoints().iterator();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return points.hasNext();
            }

            @Override
            public Value next() {
                return new Str(Character.toString(points.nextInt()));
            }
        };
    }

    private static Iterator<Value> integers(RangeValue range) {
        return IntStream.range(0, range.length()).<Value>mapToObj(range::get).iterator();
    }

    /** A slice against a length: its start, its end (exclusive), its step. */
    private record Slice(long start, long stop, long step) {
        static Slice of(
                int length, @Nullable Value start, @Nullable Value stop, @Nullable Value step) {
            int by = given(step) ? position(step) : 1;
            if (by == 0) {
                throw PyError.value("slice step cannot be zero");
            }
            int low = by < 0 ? -1 : 0;
            int high = by < 0 ? length - 1 : length;
            int from = given(start) ? clamp(position(start), length, low, high) : by < 0 ? high : 0;
            int to = given(stop) ? clamp(position(stop), length, low, high) : by < 0 ? -1 : high;
            return new Slice(from, to, by);
        }

        private static boolean given(@Nullable Value value) {
            return value != null && value != None.NONE;
        }

        private static int position(@Nullable Value value) {
            if (value == null || Numbers.integer(value) == null) {
                throw PyError.type(
                        "slice indices must be integers or None or have an __index__ method");
            }
            return Numbers.index(value);
        }

        private static int clamp(long index, int length, int low, int high) {
            long absolute = index < 0 ? index + length : index;
            return (int) Math.max(low, Math.min(high, absolute));
        }

        IntStream indices() {
            long span = step > 0 ? stop - start : start - stop;
            long count = span <= 0 ? 0 : (span - 1) / Math.abs(step) + 1;
            return IntStream.range(0, (int) count).map(i -> (int) (start + i * step));
        }
    }
}
