package dev.weft.grammar.json;

import dev.weft.grammar.expression.Expression;
import dev.weft.grammar.json.container.Level;
import dev.weft.grammar.place.Position;
import dev.weft.grammar.place.Spot;
import dev.weft.grammar.place.Trail;
import dev.weft.grammar.rule.Condition;
import dev.weft.grammar.rule.ValueRules;
import dev.weft.grammar.scan.FixedScan;
import dev.weft.grammar.scan.Scan;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.NullNode;

/** The place before a value; in an array that has none yet, perhaps before its end. */
final class ValueSpot implements Spot {
    private final JsonMachine machine;
    private final @Nullable Level level;
    private final Condition value;
    private final @Nullable Level closing;
    private final @Nullable Position[] found = new Position[128];
    private final boolean[] known = new boolean[128];

    /**
     * A place before a value.
     *
     * @param level that it is in; null at the root
     * @param closing the array that may be closed instead; null for none
     */
    ValueSpot(
            JsonMachine machine, @Nullable Level level, Condition value, @Nullable Level closing) {
        this.machine = machine;
        this.level = level;
        this.value = value;
        this.closing = closing;
    }

    @Override
    public @Nullable Position exit(Scan scan, int b, Trail trail, int start) {
        if (b >= found.length) {
            return null;
        }
        if (!known[b]) {
            found[b] = find(b);
            known[b] = true;
        }
        return found[b];
    }

    private @Nullable Position find(int b) {
        return switch (b) {
            case '"' -> scalar(machine.strings.of(machine.scalars.strings(value)), true);
            case '{' -> machine.open(level, value, true);
            case '[' -> machine.open(level, value, false);
            case ']' -> closing == null ? null : machine.close(closing);
            case 'n' -> constant(JsonMachine.Words.JSON, "ull", ValueRules.NULL);
            case 't' -> constant(JsonMachine.Words.JSON, "rue", ValueRules.TRUE);
            case 'f' -> constant(JsonMachine.Words.JSON, "alse", ValueRules.FALSE);
            case 'N' -> constant(JsonMachine.Words.PYTHON, "one", ValueRules.NULL);
            case 'T' -> constant(JsonMachine.Words.PYTHON, "rue", ValueRules.TRUE);
            case 'F' -> constant(JsonMachine.Words.PYTHON, "alse", ValueRules.FALSE);
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> {
                List<Expression> states = machine.scalars.numbers(value);
                Scan first = machine.numbers.of(states);
                yield first.isDead() ? null : scalar(first.next(b), false);
            }
            default -> null;
        };
    }

    private @Nullable Position scalar(Scan scan, boolean string) {
        return scan.isDead() || scan.isExit()
                ? null
                : new Position(new ScalarSpot(machine, level, value, string), scan);
    }

    private @Nullable Position constant(JsonMachine.Words words, String rest, int constant) {
        if (words != machine.words) {
            return null;
        }
        Condition outcome = machine.scalars.outcome(value, constant);
        if (outcome.isFalse()) {
            return null;
        }
        Position after =
                machine.after(
                        level,
                        outcome,
                        constant == ValueRules.NULL
                                ? NullNode.getInstance()
                                : BooleanNode.valueOf(constant == ValueRules.TRUE));
        return after == null ? null : new Position(new WordSpot(after), FixedScan.word(rest));
    }

    @Override
    public int left() {
        int more = machine.needs.of(value, level) + machine.needs.around(level);
        return closing == null ? more : Math.min(more, machine.needs.around(closing));
    }

    @Override
    public boolean leftIsLeast() {
        return true;
    }

    @Override
    public boolean mayEnd(Scan scan) {
        return false;
    }
}
