package dev.weft.grammar.json;

import dev.weft.grammar.expression.Expression;
import dev.weft.grammar.json.container.KeyPlans;
import dev.weft.grammar.json.container.Level;
import dev.weft.grammar.rule.Condition;
import dev.weft.grammar.rule.ContainerRule;
import dev.weft.grammar.walk.StringScans;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Keys with which an object may be complete soon. */
final class KeyWays {
    /** Most keys that are looked at, of those that are not certainly required. */
    private static final int MOST = 64;

    /** Most ends that are tried to make a key another one. */
    private static final int MOST_ENDS = 1_000;

    private final JsonMachine machine;

    KeyWays(JsonMachine machine) {
        this.machine = machine;
    }

    /**
     * Whether keys that begin with a text aren't all alike: some are named, or there already, or a
     * rule wants more members.
     */
    boolean isSpecial(Level level, String begun) {
        List<String> ends = new ArrayList<>();
        level.content.seen().behind(begun, machine.named(level), ends);
        return !ends.isEmpty() || wantsMore(level.content.condition(), level.content);
    }

    /** The rests of keys that began with a text, each with the quote behind it. */
    List<byte[]> behind(Level level, String begun) {
        Level.Content content = level.content;
        for (String key : KeyPlans.required(content.condition())) {
            if (!content.seen().has(key) && key.startsWith(begun)) {
                return List.of(quoted(key, begun));
            }
        }
        Set<String> keys = new LinkedHashSet<>();
        addRequired(content.condition(), content, begun, keys);
        for (String key : machine.named(level)) {
            if (keys.size() < MOST && !content.seen().has(key) && key.startsWith(begun)) {
                keys.add(key);
            }
        }
        List<byte[]> all = new ArrayList<>();
        keys.forEach(key -> all.add(quoted(key, begun)));
        if (keys.isEmpty() || !begun.isEmpty() || wantsMore(content.condition(), content)) {
            addOther(level, begun, all);
        }
        return all;
    }

    /** Whether some rule asks for more members than are there. */
    private boolean wantsMore(Condition condition, Level.Content content) {
        machine.pool.budget().spend(1);
        if (condition.rule instanceof ContainerRule.OfObject object) {
            return object.min > content.seen().size();
        }
        if (condition.op != Condition.Op.OUTER) {
            for (Condition part : condition.parts) {
                if (wantsMore(part, content)) {
                    return true;
                }
            }
        }
        return false;
    }

    /**
     * Adds a key that no rule names and, if the key has no text yet, the shortest key that is
     * allowed.
     */
    private void addOther(Level level, String begun, List<byte[]> all) {
        String other = other(level, begun);
        if (other != null) {
            all.add(quoted(other, begun));
        }
        Expression keys = begun.isEmpty() ? machine.keys(level) : machine.pool.empty();
        byte[] shortest = keys.isEmpty() ? null : machine.pool.shortest(keys);
        if (shortest != null) {
            all.add(StringScans.quoted(shortest));
        }
    }

    private void addRequired(
            Condition condition, Level.Content content, String begun, Set<String> keys) {
        machine.pool.budget().spend(1);
        if (condition.rule instanceof ContainerRule.OfObject object) {
            for (String key : object.required) {
                if (keys.size() < MOST && !content.seen().has(key) && key.startsWith(begun)) {
                    keys.add(key);
                }
            }
        } else if (condition.op != Condition.Op.OUTER
                && machine.needs.of(condition, content, content.index()) > 0) {
            for (Condition part : condition.parts) {
                addRequired(part, content, begun, keys);
            }
        }
    }

    /** A key that is not there and that no rule names; null if none is found. */
    private @Nullable String other(Level level, String begun) {
        List<String> taken = new ArrayList<>();
        level.content.seen().behind(begun, machine.named(level), taken);
        for (int i = 0; i < MOST_ENDS; i++) {
            String end = i == 0 ? "" : Integer.toString(i - 1);
            if (!taken.contains(end)) {
                return begun + end;
            }
        }
        return null;
    }

    private static byte[] quoted(String key, String begun) {
        return StringScans.quoted(key.substring(begun.length()).getBytes(StandardCharsets.UTF_8));
    }
}
