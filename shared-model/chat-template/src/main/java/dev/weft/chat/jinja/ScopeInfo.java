package dev.weft.chat.jinja;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What is known of a scope before it is entered.
 *
 * @param loads names of this scope and what they hold at entry
 * @param specials of {@code loop}, {@code caller}, {@code kwargs} and {@code varargs} those that
 *     its body uses
 */
record ScopeInfo(Map<String, Symbols.Load> loads, Set<String> specials) {
    ScopeInfo {
        loads = new LinkedHashMap<>(loads);
        specials = Set.copyOf(specials);
    }
}
