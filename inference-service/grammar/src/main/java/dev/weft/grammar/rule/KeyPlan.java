package dev.weft.grammar.rule;

import dev.weft.grammar.expression.Expression;
import java.util.List;

/**
 * The keys that an object may have, apart from those that it has already.
 *
 * @param declared keys that are named by rules and allowed, sorted
 * @param named all keys that are named by rules
 * @param others all other keys that are allowed
 * @param open whether every text that is none of {@code named} is allowed: a key can always become
 *     one that the object has not, so that nothing has to be known before it is complete
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
