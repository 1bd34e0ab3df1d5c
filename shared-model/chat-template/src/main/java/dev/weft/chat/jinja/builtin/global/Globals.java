package dev.weft.chat.jinja.builtin.global;

import dev.weft.chat.jinja.budget.PyError;
import dev.weft.chat.jinja.builtin.method.Function;
import dev.weft.chat.jinja.operation.Sequences;
import dev.weft.chat.jinja.value.Args;
import dev.weft.chat.jinja.value.BoundArguments;
import dev.weft.chat.jinja.value.DictValue;
import dev.weft.chat.jinja.value.PythonText;
import dev.weft.chat.jinja.value.RangeValue;
import dev.weft.chat.jinja.value.Str;
import dev.weft.chat.jinja.value.Value;
import java.time.Clock;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The functions every template has: jinja2's, and the two that transformers adds. */
public final class Globals {
    /** Names that a template may call without defining them itself. */
    public static final Set<String> NAMES =
            Set.of(
                    "range",
                    "dict",
                    "namespace",
                    "cycler",
                    "joiner",
                    "raise_exception",
                    "strftime_now");

    /** Functions of jinja2 with random output, which is not for a prompt. */
    public static final Set<String> REFUSED = Set.of("lipsum");

    private Globals() {}

    /** The functions, with {@code clock} as the time and the time zone of {@code strftime_now}. */
    public static Map<String, Value> all(Clock clock) {
        return Map.of(
                "range", new Function("range", Globals::range),
                "dict", new Function("dict", Globals::dict),
                "namespace", new Function("namespace", Namespace::new),
                "cycler", new Function("cycler", Cycler::new),
                "joiner", new Function("joiner", Joiner::new),
                "raise_exception", new Function("raise_exception", Globals::raise),
                "strftime_now", new Function("strftime_now", args -> now(clock, args)));
    }

    private static Value range(Args args) {
        BoundArguments bound = args.bindPositional("range", 1, 3);
        long first = bound.wide(0);
        return bound.has(1)
                ? RangeValue.of(first, bound.wide(1), bound.has(2) ? bound.wide(2) : 1)
                : RangeValue.of(0, first, 1);
    }

    static DictValue dict(Args args) {
        DictValue.Builder dict = DictValue.builder();
        BoundArguments bound = new Args(args.positional(), Map.of()).bindPositional("dict", 0, 1);
        if (bound.has(0)) {
            if (bound.get(0) instanceof DictValue other) {
                dict.putAll(other);
            } else {
                Sequences.iterate(bound.get(0)).forEachRemaining(pair -> put(dict, pair));
            }
        }
        args.keywords().forEach(dict::put);
        return dict.build();
    }

    private static void put(DictValue.Builder dict, Value pair) {
        List<Value> items = Sequences.list(pair);
        if (items.size() != 2) {
            throw PyError.value(
                    "dictionary update sequence element has length "
                            + items.size()
                            + "; 2 is required");
        }
        dict.put(items.get(0), items.get(1));
    }

    private static Value raise(Args args) {
        Value message = args.bind("raise_exception", 1, "message").get(0);
        throw new PyError(PyError.Kind.RAISED, PythonText.str(message));
    }

    private static Value now(Clock clock, Args args) {
        Str format = args.bind("strftime_now", 1, "format").str(0);
        return new Str(Strftime.format(ZonedDateTime.now(clock), format.text()));
    }
}
