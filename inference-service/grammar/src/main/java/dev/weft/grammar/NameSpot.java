package dev.weft.grammar;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Within a key. */
final class NameSpot implements Spot {
    private static final int MOST_KEPT = 4_096;

    private final JsonMachine machine;
    private final Level level;
    private final Map<String, Optional<Position>> found = new HashMap<>();

    NameSpot(JsonMachine machine, Level level) {
        this.machine = machine;
        this.level = level;
    }

    @Override
    public @Nullable Position exit(Scan scan, int b, Trail trail, int start) {
        String key = key(trail.copy(start, trail.length()));
        Optional<Position> known = found.get(key);
        if (known == null) {
            known = Optional.ofNullable(find(key));
            if (found.size() < MOST_KEPT) {
                found.put(key, known);
            }
        }
        return known.orElse(null);
    }

    private String key(byte[] quoted) {
        for (byte b : quoted) {
            if (b == '\\') {
                return machine.value(quoted).stringValue();
            }
        }
        return new String(quoted, 1, quoted.length - 2, StandardCharsets.UTF_8);
    }

    private @Nullable Position find(String key) {
        JsonMachine.Member member = machine.member(level, key);
        return member == null
                ? null
                : new Position(
                        new ColonSpot(machine, member), machine.gaps.between(member.level()));
    }

    @Override
    public boolean mayEnd(Scan scan) {
        return false;
    }
}
