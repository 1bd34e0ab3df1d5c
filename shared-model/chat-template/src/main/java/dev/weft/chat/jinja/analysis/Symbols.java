package dev.weft.chat.jinja.analysis;

import dev.weft.chat.jinja.budget.Budget;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The names of one scope while it is analysed, with the source of each at entry. The rules are
 * jinja2's (its idtracking). A name that is first read is looked up in the context, unless an outer
 * scope knows it. A name that is first set starts with its value in an outer scope, or undefined. A
 * name that only branches of an {@code if} set starts with its value in an outer scope, or is
 * looked up in the context.
 */
final class Symbols {
    private final @Nullable Symbols parent;
    private final Map<String, ScopeInfo.Load> loads;
    private final Set<String> stores;

    Symbols(@Nullable Symbols parent) {
        this(parent, Map.of(), Set.of());
    }

    private Symbols(
            @Nullable Symbols parent, Map<String, ScopeInfo.Load> loads, Set<String> stores) {
        this.parent = parent;
        this.loads = new LinkedHashMap<>(loads);
        this.stores = new HashSet<>(stores);
    }

    Symbols copy() {
        Budget.steps(1L + loads.size() + stores.size());
        return new Symbols(parent, loads, stores);
    }

    Map<String, ScopeInfo.Load> loads() {
        return loads;
    }

    private boolean knows(String name) {
        Budget.steps(1);
        return loads.containsKey(name) || (parent != null && parent.knows(name));
    }

    private boolean outerKnows(String name) {
        return parent != null && parent.knows(name);
    }

    void load(String name) {
        if (!knows(name)) {
            loads.put(name, ScopeInfo.Load.RESOLVE);
        }
    }

    void store(String name) {
        stores.add(name);
        if (!loads.containsKey(name)) {
            loads.put(name, outerKnows(name) ? ScopeInfo.Load.ALIAS : ScopeInfo.Load.UNDEFINED);
        }
    }

    void parameter(String name) {
        stores.add(name);
        loads.put(name, ScopeInfo.Load.PARAMETER);
    }

    /** Merges the changes that the branches of an {@code if} made to copies of these symbols. */
    void merge(List<Symbols> branches) {
        Set<String> stored = new HashSet<>();
        branches.stream().map(branch -> branch.stores).forEach(stored::addAll);
        stored.removeAll(stores);
        for (Symbols branch : branches) {
            Budget.steps(1L + branch.loads.size() + 2L * branch.stores.size());
            loads.putAll(branch.loads);
            stores.addAll(branch.stores);
        }
        for (String name : stored) {
            loads.put(name, outerKnows(name) ? ScopeInfo.Load.ALIAS : ScopeInfo.Load.RESOLVE);
        }
    }

    void loadAll(Collection<String> names) {
        names.forEach(this::load);
    }
}
