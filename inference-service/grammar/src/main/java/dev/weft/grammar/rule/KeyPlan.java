package dev.weft.grammar.rule;

import dev.weft.grammar.expression.Expression;
import java.util.List;

/**
 * The keys that an object may have, apart from those that it has already.
 *
 * @param declared keys that are named by rules and allowed, sorted
 * @param named all keys that are named by rules
 * @param others all other keys that are allowed
 * @param open whether every text outside {@code named} is allowed. Then the start of a key needs no
 *     check, since it can always become a key that the object does not have
 * @param sorted {@code named}, sorted
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and only read
public record KeyPlan(
        List<String> declared,
        List<String> named,
        Expression others,
        boolean open,
        String[] sorted) {
    /** Copies the lists. */
    public KeyPlan(List<String> declared, List<String> named, Expression others, boolean open) {
        this(
                List.copyOf(declared),
                List.copyOf(named),
                others,
                open,
                named.stream().sorted().toArray(String[]::new));
    }
}
