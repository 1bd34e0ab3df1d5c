package dev.weft.grammar.json;

import dev.weft.grammar.json.container.Level;
import dev.weft.grammar.place.Position;
import dev.weft.grammar.place.Spot;
import dev.weft.grammar.place.Trail;
import dev.weft.grammar.scan.Scan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The place behind a value in a container. */
final class AfterSpot implements Spot {
    private final JsonMachine machine;
    private final Level level;
    private @Nullable Position closed;
    private boolean knowsClosed;

    AfterSpot(JsonMachine machine, Level level) {
        this.machine = machine;
        this.level = level;
    }

    @Override
    public @Nullable Position exit(Scan scan, int b, Trail trail, int start) {
        if (b == ',') {
            return next();
        }
        if (b != (level.content.object() ? '}' : ']')) {
            return null;
        }
        if (!knowsClosed) {
            closed = machine.close(level);
            knowsClosed = true;
        }
        return closed;
    }

    private @Nullable Position next() {
        if (level.nextKey == null) {
            level.nextKey = level.content.object() ? key() : item();
        }
        return level.nextKey;
    }

    private @Nullable Position key() {
        return machine.keys(level).isEmpty()
                ? null
                : new Position(new KeySpot(machine, level, false), machine.gaps.behind(level));
    }

    private @Nullable Position item() {
        JsonMachine.Member member = machine.item(level);
        return member == null
                ? null
                : new Position(
                        new ValueSpot(machine, member.level(), member.value(), null),
                        machine.gaps.behind(level));
    }

    @Override
    public int left() {
        return machine.needs.around(level);
    }

    @Override
    public Object likeness() {
        Level.Likeness known = machine.likeness(level);
        return known == null ? this : known;
    }

    @Override
    public List<String> apart() {
        return machine.likeness(level) == null ? List.of() : machine.otherKeys(level);
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
