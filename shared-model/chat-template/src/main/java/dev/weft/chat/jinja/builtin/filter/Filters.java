package dev.weft.chat.jinja.builtin.filter;

import dev.weft.chat.jinja.budget.PyError;
import dev.weft.chat.jinja.value.Args;
import dev.weft.chat.jinja.value.Value;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** All filters by name. */
public final class Filters {
    /**
     * Filters of jinja2 that are not supported: random ones, and those that lay text out for
     * people.
     */
    public static final Set<String> REFUSED =
            Set.of("random", "wordwrap", "urlize", "pprint", "striptags");

    private static final Map<String, Filter> ALL = all();

    private Filters() {}

    private static Map<String, Filter> all() {
        Map<String, Filter> all = new HashMap<>();
        all.putAll(TextFilters.FILTERS);
        all.putAll(LayoutFilters.FILTERS);
        all.putAll(HtmlFilters.FILTERS);
        all.putAll(NumberFilters.FILTERS);
        all.putAll(SequenceFilters.FILTERS);
        all.putAll(SelectFilters.FILTERS);
        all.putAll(OrderFilters.FILTERS);
        all.putAll(ValueFilters.FILTERS);
        return Map.copyOf(all);
    }

    public static boolean has(String name) {
        return ALL.containsKey(name);
    }

    public static Value apply(String name, Value input, Args args) {
        Filter filter = ALL.get(name);
        if (filter == null) {
            throw PyError.runtime(
                    REFUSED.contains(name)
                            ? "the filter '" + name + "' is not supported"
                            : "No filter named '" + name + "'.");
        }
        return filter.apply(input, args);
    }
}
