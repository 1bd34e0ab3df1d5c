package dev.weft.chat.jinja.rendering;

import dev.weft.chat.jinja.analysis.ScopeInfo;
import dev.weft.chat.jinja.value.Undefined;
import dev.weft.chat.jinja.value.Value;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The variables of a scope that was entered. For one thread. */
final class Scope {
    private final ScopeInfo info;
    private final @Nullable Scope parent;
    private final Map<String, Value> values = new HashMap<>();

    private Scope(ScopeInfo info, @Nullable Scope parent) {
        this.info = info;
        this.parent = parent;
    }

    /**
     * Enters a scope: its names get the values that the analysis found, looked up in {@code
     * context}.
     */
    static Scope enter(ScopeInfo info, @Nullable Scope parent, Map<String, Value> context) {
        Scope scope = new Scope(info, parent);
        info.loads()
                .forEach((name, load) -> {
                    Value value =
                            switch (load) {
                                case PARAMETER, UNDEFINED -> null;
                                case RESOLVE -> context.get(name);
                                case ALIAS -> parent == null ? null : parent.find(name);
                            };
                    if (value != null) {
                        scope.values.put(name, value);
                    }
                });
        return scope;
    }

    private @Nullable Value find(String name) {
        for (Scope scope = this; scope != null; scope = scope.parent) {
            if (scope.info.loads().containsKey(name)) {
                return scope.values.get(name);
            }
        }
        return null;
    }

    /** The value of the name here; undefined if it has none. */
    Value get(String name) {
        Value value = find(name);
        return value == null ? Undefined.name(name) : value;
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    void set(String name, Value value) {
        values.put(name, value);
    }

    boolean uses(String special) {
        return info.specials().contains(special);
    }
}
