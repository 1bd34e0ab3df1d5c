package dev.weft.chat.jinja.builtin.filter;

import static java.util.Map.entry;

import dev.weft.chat.jinja.budget.Budget;
import dev.weft.chat.jinja.budget.PyError;
import dev.weft.chat.jinja.builtin.method.AttributePath;
import dev.weft.chat.jinja.operation.Arithmetic;
import dev.weft.chat.jinja.operation.DictView;
import dev.weft.chat.jinja.operation.Lazy;
import dev.weft.chat.jinja.operation.Sequences;
import dev.weft.chat.jinja.value.Args;
import dev.weft.chat.jinja.value.BoundArguments;
import dev.weft.chat.jinja.value.DictValue;
import dev.weft.chat.jinja.value.Int;
import dev.weft.chat.jinja.value.ListValue;
import dev.weft.chat.jinja.value.Numbers;
import dev.weft.chat.jinja.value.Real;
import dev.weft.chat.jinja.value.Str;
import dev.weft.chat.jinja.value.Undefined;
import dev.weft.chat.jinja.value.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Filters that count, cut and pick from sequences. */
final class SequenceFilters {
    static final Map<String, Filter> FILTERS =
            Map.ofEntries(
                    entry("length", SequenceFilters::length),
                    entry("count", SequenceFilters::length),
                    entry("first", SequenceFilters::first),
                    entry("last", SequenceFilters::last),
                    entry("list", SequenceFilters::list),
                    entry("reverse", SequenceFilters::reverse),
                    entry("items", SequenceFilters::items),
                    entry("batch", SequenceFilters::batch),
                    entry("slice", SequenceFilters::slice),
                    entry("sum", SequenceFilters::sum));

    private SequenceFilters() {}

    private static Value length(Value input, Args args) {
        args.bindPositional("length", 0, 0);
        return Int.of(Sequences.length(input));
    }

    private static Value first(Value input, Args args) {
        args.bindPositional("first", 0, 0);
        Iterator<Value> items = Sequences.iterate(input);
        return items.hasNext()
                ? items.next()
                : Undefined.because("No first item, sequence was empty.");
    }

    private static Value last(Value input, Args args) {
        args.bindPositional("last", 0, 0);
        List<Value> reversed = Sequences.reversed(input);
        if (reversed == null) {
            throw PyError.type("'" + input.typeName() + "' object is not reversible");
        }
        return reversed.isEmpty()
                ? Undefined.because("No last item, sequence was empty.")
                : reversed.getFirst();
    }

    private static Value list(Value input, Args args) {
        args.bindPositional("list", 0, 0);
        return new ListValue(Sequences.list(input));
    }

    private static Value reverse(Value input, Args args) {
        args.bindPositional("reverse", 0, 0);
        if (input instanceof Str str) {
            Budget.scan(2L * str.text().length());
            return str.like(new StringBuilder(str.text()).reverse().toString());
        }
        List<Value> reversed = Sequences.reversed(input);
        if (reversed == null) {
            return new ListValue(Sequences.list(input).reversed());
        }
        return new Lazy("reversed", reversed::iterator);
    }

    private static Value items(Value input, Args args) {
        args.bindPositional("items", 0, 0);
        return Lazy.generator(() -> {
            if (input instanceof Undefined) {
                return Collections.emptyIterator();
            }
            if (!(input instanceof DictValue dict)) {
                throw PyError.type("Can only get item pairs from a mapping.");
            }
            return new DictView(DictView.Kind.ITEMS, dict).iterate();
        });
    }

    private static Value batch(Value input, Args args) {
        BoundArguments bound = args.bind("batch", 1, "linecount", "fill_with");
        int size = bound.integer(0);
        return Lazy.generator(() -> {
            List<Value> batches = new ArrayList<>();
            List<Value> batch = new ArrayList<>();
            for (Value item : Sequences.list(input)) {
                if (batch.size() == size) {
                    batches.add(new ListValue(batch));
                    batch = new ArrayList<>();
                }
                batch.add(item);
            }
            if (!batch.isEmpty()) {
                if (bound.hasValue(1) && batch.size() < size) {
                    fill(batch, bound.get(1), size - batch.size());
                }
                batches.add(new ListValue(batch));
            }
            return batches.iterator();
        });
    }

    private static void fill(List<Value> list, Value with, int count) {
        Budget.steps(count);
        Budget.bytes(8L * count);
        list.addAll(Collections.nCopies(count, with));
    }

    private static Value slice(Value input, Args args) {
        BoundArguments bound = args.bind("slice", 1, "slices", "fill_with");
        int slices = bound.integer(0);
        return Lazy.generator(() -> {
            List<Value> items = Sequences.list(input);
            if (slices == 0) {
                throw new PyError(PyError.Kind.ZERO_DIVISION, "integer division or modulo by zero");
            }
            Budget.steps(2L * Math.max(slices, 0));
            Budget.bytes(100L * Math.max(slices, 0));
            int each = items.size() / Math.max(slices, 1);
            int longer = items.size() % Math.max(slices, 1);
            List<Value> all = new ArrayList<>();
            int from = 0;
            for (int i = 0; i < slices; i++) {
                int to = from + each + (i < longer ? 1 : 0);
                List<Value> slice = new ArrayList<>(items.subList(from, to));
                if (bound.hasValue(1) && i >= longer) {
                    slice.add(bound.get(1));
                }
                all.add(new ListValue(slice));
                from = to;
            }
            return all.iterator();
        });
    }

    private static Value sum(Value input, Args args) {
        BoundArguments bound = args.bind("sum", 0, "attribute", "start");
        AttributePath path =
                bound.hasValue(0) ? AttributePath.of(bound.get(0)) : AttributePath.SELF;
        Value total = bound.get(1, Int.of(0));
        if (total instanceof Str) {
            throw PyError.type("sum() can't sum strings [use ''.join(seq) instead]");
        }
        Compensated running = null;
        for (Value item : Sequences.list(input)) {
            Value next = path.get(item);
            running = running == null ? Compensated.from(total) : running;
            if (running != null && Numbers.isNumber(next)) {
                running.add(next);
                continue;
            }
            total = Arithmetic.add(running == null ? total : running.value(), next);
            running = null;
        }
        return running == null ? total : running.value();
    }

    /** Python sums floats with a running correction (Neumaier). */
    private static final class Compensated {
        private double sum;
        private double correction;

        static @Nullable Compensated from(Value total) {
            if (!(total instanceof Real(double start))) {
                return null;
            }
            Compensated running = new Compensated();
            running.sum = start;
            return running;
        }

        /** Integers are added without the correction. */
        void add(Value item) {
            double next = Numbers.real(item);
            double total = sum + next;
            if (item instanceof Real) {
                correction +=
                        Math.abs(sum) >= Math.abs(next)
                                ? (sum - total) + next
                                : (next - total) + sum;
            }
            sum = total;
        }

        Real value() {
            boolean exact =
                    correction == 0 || Double.isNaN(correction) || Double.isInfinite(correction);
            return new Real(exact ? sum : sum + correction);
        }
    }
}
