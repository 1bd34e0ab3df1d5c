package dev.weft.grammar;

import dev.weft.grammar.expression.Expression;
import java.util.List;

/**
 * Which keys an object may have, apart from those that it has already.
 *
 * @param declared keys that are named by rules and allowed, sorted
 * @param named all keys that are named by rules
 * @param others all other keys that are allowed
 */
record KeyPlan(List<String> declared, List<String> named, Expression others) {
    KeyPlan {
        declared = List.copyOf(declared);
        named = List.copyOf(named);
    }
}
