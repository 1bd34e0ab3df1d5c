package dev.weft.chat.jinja.builtin.method;

import dev.weft.chat.jinja.budget.Budget;
import dev.weft.chat.jinja.value.Str;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** All methods of str. */
public final class StringMethods {
    private static final Map<String, StringMethod> ALL = all();

    /** Methods of str whose results templates have no use for: bytes and translation tables. */
    public static final Set<String> UNSUPPORTED = Set.of("encode", "translate", "maketrans");

    private StringMethods() {}

    private static Map<String, StringMethod> all() {
        Map<String, StringMethod> all = new HashMap<>();
        all.putAll(StringCase.METHODS);
        all.putAll(StringClasses.METHODS);
        all.putAll(StringSearch.METHODS);
        all.putAll(StringSplit.METHODS);
        all.putAll(StringShape.METHODS);
        all.putAll(StringFormat.METHODS);
        return Map.copyOf(all);
    }

    public static Set<String> names() {
        return ALL.keySet();
    }

    static @Nullable Function bind(Str self, String name) {
        StringMethod method = ALL.get(name);
        return method == null
                ? null
                : new Function(
                        "str." + name,
                        args -> {
                            Budget.scan(self.text().length());
                            return method.apply(self, args);
                        });
    }
}
