package dev.weft.grammar.rule;

import dev.weft.grammar.expression.Expression;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which keys an object may have, apart from those that it has already.
 *
 * @param declared keys that are named by rules and allowed, sorted
 * @param named all keys that are named by rules
 * @param others all other keys that are allowed
 * @param open all keys that are allowed, where every text that is none of {@code named} is; a key
 *     can always become one that the object has not, so that it need not be known which it has.
 *     Null where others are not free
 */
public record KeyPlan(
        List<String> declared, List<String> named, Expression others, @Nullable Expression open) {
    public KeyPlan {
        declared = List.copyOf(declared);
        named = List.copyOf(named);
    }
}
