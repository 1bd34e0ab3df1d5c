package dev.weft.grammar.json;

import dev.weft.grammar.expression.Expression;
import dev.weft.grammar.json.container.Level;
import dev.weft.grammar.place.Position;
import dev.weft.grammar.place.Spot;
import dev.weft.grammar.place.Trail;
import dev.weft.grammar.scan.Scan;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The place before a key; in an object that has none yet, perhaps before its end. */
final class KeySpot implements Spot {
    private final JsonMachine machine;
    private final Level level;
    private final boolean first;
    private @Nullable Position within;
    private boolean known;

    KeySpot(JsonMachine machine, Level level, boolean first) {
        this.machine = machine;
        this.level = level;
        this.first = first;
    }

    @Override
    public @Nullable Position exit(Scan scan, int b, Trail trail, int start) {
        if (b == '}') {
            return first ? machine.close(level) : null;
        }
        if (b != '"') {
            return null;
        }
        if (!known) {
            Expression keys = machine.keys(level);
            within =
                    keys.isEmpty()
                            ? null
                            : new Position(
                                    new NameSpot(machine, level),
                                    machine.strings.of(List.of(keys)));
            known = true;
        }
        return within;
    }

    @Override
    public List<byte[]> ways(Scan scan, Trail trail, int start) {
        List<byte[]> all = new ArrayList<>();
        Position closed = first ? machine.close(level) : null;
        if (closed != null) {
            all.add(new byte[] {'}'});
            if (closed.left() < left()) {
                return all;
            }
        }
        machine.keyWays.behind(level, "").forEach(key -> all.add(opened(key)));
        return all;
    }

    private static byte[] opened(byte[] key) {
        byte[] whole = new byte[key.length + 1];
        whole[0] = '"';
        System.arraycopy(key, 0, whole, 1, key.length);
        return whole;
    }

    @Override
    public int left() {
        return machine.needs.around(level);
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
