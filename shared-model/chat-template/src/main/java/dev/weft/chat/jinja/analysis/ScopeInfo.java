package dev.weft.chat.jinja.analysis;

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
public record ScopeInfo(Map<String, Load> loads, Set<String> specials) {
    /** What a name holds when its scope is entered. */
    public enum Load {
        /** Given by whoever enters. */
        PARAMETER,
        /** Looked up in the context. */
        RESOLVE,
        /** What an outer scope holds under the name. */
        ALIAS,
        UNDEFINED
    }

    public ScopeInfo {
        loads = new LinkedHashMap<>(loads);
        specials = Set.copyOf(specials);
    }
}
