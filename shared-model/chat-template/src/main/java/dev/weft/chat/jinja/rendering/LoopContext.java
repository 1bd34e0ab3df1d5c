package dev.weft.chat.jinja.rendering;

import dev.weft.chat.jinja.budget.Budget;
import dev.weft.chat.jinja.budget.PyError;
import dev.weft.chat.jinja.builtin.method.Function;
import dev.weft.chat.jinja.operation.ComparisonOperators;
import dev.weft.chat.jinja.operation.Lazy;
import dev.weft.chat.jinja.operation.Sequences;
import dev.weft.chat.jinja.syntax.Stmt;
import dev.weft.chat.jinja.value.Args;
import dev.weft.chat.jinja.value.Bool;
import dev.weft.chat.jinja.value.Int;
import dev.weft.chat.jinja.value.None;
import dev.weft.chat.jinja.value.PyObject;
import dev.weft.chat.jinja.value.Str;
import dev.weft.chat.jinja.value.TupleValue;
import dev.weft.chat.jinja.value.Undefined;
import dev.weft.chat.jinja.value.Value;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code loop}: the position of a for loop, with at most one item read ahead. */
final class LoopContext implements PyObject {
    private static final int BYTES = 200;

    private final Rendering rendering;
    private final Stmt.For loop;
    private final Value items;
    private final Scope scope;
    private final int depth;
    private Iterator<Value> iterator;
    private int index = -1;
    private int length = -1;
    private Value current = None.NONE;
    private Value before = None.NONE;
    private @Nullable Value after;
    private @Nullable Value changed;

    LoopContext(Rendering rendering, Stmt.For loop, Value items, Scope scope, int depth) {
        Budget.bytes(BYTES);
        this.rendering = rendering;
        this.loop = loop;
        this.items = items;
        this.scope = scope;
        this.depth = depth;
        this.iterator = Sequences.iterate(items);
    }

    /** Goes on to the next item; false if there is none. */
    boolean advance() {
        Value next = peek();
        if (next == null) {
            return false;
        }
        after = null;
        index++;
        before = current;
        current = next;
        return true;
    }

    Value current() {
        return current;
    }

    private @Nullable Value peek() {
        if (after == null && iterator.hasNext()) {
            after = iterator.next();
        }
        return after;
    }

    private int length() {
        if (length < 0) {
            length = items instanceof PyObject object ? object.size() : Sequences.length(items);
        }
        if (length < 0) {
            List<Value> rest = Sequences.list(wrapped());
            iterator = rest.iterator();
            length = rest.size() + index + 1 + (after == null ? 0 : 1);
        }
        return length;
    }

    private Value wrapped() {
        Iterator<Value> left = iterator;
        return Lazy.generator(() -> left);
    }

    @Override
    public @Nullable Value attribute(String name) {
        return switch (name) {
            case "index" -> Int.of(index + 1L);
            case "index0" -> Int.of(index);
            case "revindex" -> Int.of((long) length() - index);
            case "revindex0" -> Int.of((long) length() - index - 1);
            case "first" -> Bool.of(index == 0);
            case "last" -> Bool.of(peek() == null);
            case "length" -> Int.of(length());
            case "depth" -> Int.of(depth + 1L);
            case "depth0" -> Int.of(depth);
            case "previtem" -> index == 0 ? Undefined.because("there is no previous item") : before;
            case "nextitem" -> {
                Value next = peek();
                yield next == null ? Undefined.because("there is no next item") : next;
            }
            case "cycle" -> function(name, this::cycle);
            case "changed" -> function(name, this::changed);
            default -> null;
        };
    }

    private static Value function(String name, Function.Body body) {
        return new Function("loop." + name, body);
    }

    private Value cycle(Args args) {
        if (args.positional().isEmpty() || !args.keywords().isEmpty()) {
            throw PyError.type("no items for cycling given");
        }
        return args.positional().get(index % args.positional().size());
    }

    private Value changed(Args args) {
        Value value = new TupleValue(args.positional());
        boolean differs = changed == null || !ComparisonOperators.equal(changed, value);
        changed = value;
        return Bool.of(differs);
    }

    @Override
    public boolean callable() {
        return true;
    }

    @Override
    public Value call(Args args) {
        if (!loop.head().recursive()) {
            throw PyError.type(
                    "The loop must have the 'recursive' marker to be called recursively.");
        }
        Value inner = args.bind("loop", 1, "iterable").get(0);
        return new Str(rendering.recursive(loop, inner, scope, depth + 1));
    }

    @Override
    public int size() {
        return length();
    }

    @Override
    public String typeName() {
        return "LoopContext";
    }

    @Override
    public String repr() {
        return "<LoopContext " + (index + 1) + "/" + length() + ">";
    }
}
