package dev.weft.grammar.json;

import dev.weft.grammar.expression.Expression;
import dev.weft.grammar.json.container.Level;
import dev.weft.grammar.place.Position;
import dev.weft.grammar.place.Spot;
import dev.weft.grammar.place.Trail;
import dev.weft.grammar.scan.Scan;
import dev.weft.grammar.walk.StringScans;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The place within a key. */
final class NameSpot implements Spot {
    private static final int MOST_KEPT = 4_096;

    /** A key that no object has, and no rule names. */
    private static final String NO_KEY = "\uFFFF";

    private final JsonMachine machine;
    private final Level level;
    private final Map<String, Optional<Position>> found = new HashMap<>();

    /** The place behind a key that no rule names, by the expressions that match it. */
    private final Map<Set<Expression>, Optional<Position>> alike = new HashMap<>();

    private @Nullable Set<Expression> patterns;
    private @Nullable PatternStates states;
    private String @Nullable [] named;

    NameSpot(JsonMachine machine, Level level) {
        this.machine = machine;
        this.level = level;
    }

    @Override
    public @Nullable Position exit(Scan scan, int b, Trail trail, int start) {
        return known(key(trail.copy(start, trail.length())));
    }

    private @Nullable Position known(String key) {
        Optional<Position> known = found.get(key);
        if (known == null) {
            known = Optional.ofNullable(find(key));
            if (found.size() < MOST_KEPT) {
                found.put(key, known);
            }
        }
        return known.orElse(null);
    }

    @Override
    public List<byte[]> ways(Scan scan, Trail trail, int start) {
        return scan instanceof StringScans.Characters && isWhole(trail, start)
                ? machine.keyWays.behind(level, begun(trail, start))
                : List.of();
    }

    @Override
    public int left() {
        return machine.needs.around(level);
    }

    @Override
    public boolean looksBack() {
        return true;
    }

    @Override
    public String own(Trail trail, int start) {
        byte[] begun = trail.copy(start, trail.length());
        int plain = 1;
        while (plain < begun.length && begun[plain] != '\\') {
            plain++;
        }
        // up to an escape, or to a character that has only begun
        String certain =
                new String(begun, 1, wholeLength(begun, plain) - 1, StandardCharsets.UTF_8);
        if (mayBeRepeated() || machine.keyWays.isSpecial(level, certain)) {
            return new String(begun, StandardCharsets.ISO_8859_1);
        }
        return patterns().isEmpty() ? "" : states().of(begun);
    }

    private PatternStates states() {
        PatternStates known = states;
        if (known == null) {
            known = new PatternStates(machine.pool, machine.strings, patterns());
            states = known;
        }
        return known;
    }

    @Override
    public boolean mayBeRepeated() {
        return level.content.recorded() != null && machine.wantsRepeat(level);
    }

    /** Whether the trail ends behind a character. */
    private static boolean isWhole(Trail trail, int start) {
        byte[] begun = trail.copy(start, trail.length());
        return wholeLength(begun, begun.length) == begun.length;
    }

    /** Number of first bytes that are whole characters; the quote in front counts as one. */
    private static int wholeLength(byte[] begun, int length) {
        int at = length - 1;
        while (at > 0 && (begun[at] & 0xC0) == 0x80) {
            at--;
        }
        int lead = begun[at] & 0xFF;
        int bytes = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        return at + bytes <= length ? length : at;
    }

    @Override
    public @Nullable Position exitForMask(Scan scan, Trail trail, int start) {
        String key = key(trail.copy(start, trail.length()));
        if (level.content.seen().has(key) || Arrays.binarySearch(named(), key) >= 0) {
            return known(key);
        }
        return alike.computeIfAbsent(
                        machine.matching(patterns(), key), _ -> Optional.ofNullable(find(key)))
                .orElse(null);
    }

    private String[] named() {
        String[] known = named;
        if (known == null) {
            known = machine.named(level);
            named = known;
        }
        return known;
    }

    private Set<Expression> patterns() {
        Set<Expression> known = patterns;
        if (known == null) {
            known = machine.patterns(level);
            patterns = known;
        }
        return known;
    }

    @Override
    public boolean takesAnyText() {
        return patterns().isEmpty();
    }

    @Override
    public @Nullable Position exitBehindAny(Scan scan, Trail trail, int start) {
        // if no patterns tell keys apart, all that no rule names are alike
        return known(takesAnyText() ? NO_KEY : begun(trail, start) + NO_KEY);
    }

    @Override
    public List<String> ownEnds(Trail trail, int start) {
        List<String> ends = new ArrayList<>();
        level.content.seen().behind(begun(trail, start), named(), ends);
        return ends;
    }

    private String begun(Trail trail, int start) {
        String marked = machine.valueOf(trail, start, NO_KEY).stringValue();
        return marked.substring(0, marked.length() - NO_KEY.length());
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
