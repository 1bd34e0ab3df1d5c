package dev.weft.chat.jinja.analysis;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The names of a scope, known before it is entered.
 *
 * @param loads names of this scope and their sources at entry
 * @param specials those of {@code loop}, {@code caller}, {@code kwargs} and {@code varargs} that
 *     its body uses
 */
public record ScopeInfo(Map<String, Load> loads, Set<String> specials) {
    /** The source of a name's value when its scope is entered. */
    public enum Load {
        /** The caller gives it. */
        PARAMETER,
        /** It is looked up in the context. */
        RESOLVE,
        /** It is the value of the name in an outer scope. */
        ALIAS,
        UNDEFINED
    }

    public ScopeInfo {
        loads = new LinkedHashMap<>(loads);
        specials = Set.copyOf(specials);
    }
}
