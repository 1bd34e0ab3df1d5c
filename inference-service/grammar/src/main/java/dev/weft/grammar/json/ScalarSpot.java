package dev.weft.grammar.json;

import dev.weft.grammar.expression.Expression;
import dev.weft.grammar.json.container.Level;
import dev.weft.grammar.place.Position;
import dev.weft.grammar.place.Spot;
import dev.weft.grammar.place.Trail;
import dev.weft.grammar.rule.Condition;
import dev.weft.grammar.scan.NumberScans;
import dev.weft.grammar.scan.Scan;
import dev.weft.grammar.walk.StringScans;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The place within a string or a number. */
final class ScalarSpot implements Spot {
    /** Most bytes of a short item that has begun, its quote included. */
    private static final int SHORT = 3;

    private final JsonMachine machine;
    private final @Nullable Level level;
    private final Condition value;
    private final boolean string;

    /** The answer's place behind the value, by the state at the value's end. */
    private final Map<Scan, Optional<Position>> after = new HashMap<>();

    private @Nullable Position anyEnd;
    private @Nullable Scan anyScan;

    ScalarSpot(JsonMachine machine, @Nullable Level level, Condition value, boolean string) {
        this.machine = machine;
        this.level = level;
        this.value = value;
        this.string = string;
    }

    @Override
    public @Nullable Position exit(Scan scan, int b, Trail trail, int start) {
        Position behind;
        if (level != null && level.content.recorded() != null) {
            int end = string ? trail.length() : trail.length() - 1;
            behind = find(scan, machine.value(trail.copy(start, end)));
        } else {
            behind =
                    after.computeIfAbsent(scan, s -> Optional.ofNullable(find(s, null)))
                            .orElse(null);
        }
        if (behind == null || string) {
            return behind;
        }
        return behind.feed(b, trail);
    }

    @Override
    public int left() {
        return machine.needs.around(level);
    }

    @Override
    public int left(Scan scan) {
        boolean open = value.goal == null && value.hasOuter && isState(scan);
        return open
                ? left()
                        + machine.needs.behind(machine.scalars.possible(value, states(scan)), level)
                : left();
    }

    @Override
    public boolean looksBack() {
        return level != null && level.content.recorded() != null;
    }

    @Override
    public String own(Trail trail, int start) {
        if (level == null || level.content.recorded() == null) {
            return "";
        }
        // items of an ending are short: only a short one may be the same as one of them
        boolean counts = trail.length() - start <= SHORT && machine.wantsItems(level);
        return counts || machine.wantsRepeat(level)
                ? new String(trail.copy(start, trail.length()), StandardCharsets.ISO_8859_1)
                : "";
    }

    @Override
    public boolean mayBeRepeated() {
        return level != null && level.content.recorded() != null && machine.wantsRepeat(level);
    }

    @Override
    public boolean takesAnyText() {
        return string;
    }

    @Override
    public @Nullable Position exitBehindAny(Scan scan, Trail trail, int start) {
        if (level == null || level.content.recorded() == null) {
            // the string's length does not matter: any state at its end will do
            Position behind = anyEnd;
            if (behind == null || !scan.equals(anyScan)) {
                behind = findAny(scan, null);
                anyEnd = behind;
                anyScan = scan;
            }
            return behind;
        }
        return findAny(scan, machine.valueOf(trail, start, "\uFFFF"));
    }

    private @Nullable Position findAny(Scan scan, @Nullable JsonNode recorded) {
        Condition outcome =
                value.goal != null
                        ? machine.conditions.yes()
                        : machine.scalars.outcome(value, states(scan));
        return outcome.isFalse() ? null : machine.after(level, outcome, recorded);
    }

    private @Nullable Position find(Scan scan, @Nullable JsonNode recorded) {
        Condition outcome = machine.scalars.outcome(value, states(scan));
        return outcome.isFalse() ? null : machine.after(level, outcome, recorded);
    }

    /** Whether the scan is not within an escape. */
    private static boolean isState(Scan scan) {
        return scan instanceof StringScans.Characters || scan instanceof NumberScans.Digits;
    }

    private static List<Expression> states(Scan scan) {
        return switch (scan) {
            case StringScans.Characters characters -> characters.states();
            case NumberScans.Digits digits -> digits.states();
            default -> throw new IllegalStateException("no end of a scalar");
        };
    }

    @Override
    public boolean mayEnd(Scan scan) {
        if (string || level != null || !scan.complete()) {
            return false;
        }
        Position behind = find(scan, null);
        return behind != null && behind.mayEnd();
    }
}
