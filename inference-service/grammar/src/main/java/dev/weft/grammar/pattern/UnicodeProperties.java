package dev.weft.grammar.pattern;

import dev.weft.grammar.budget.WorkBudget;
import dev.weft.grammar.expression.CodePointSet;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** The properties of {@code \p{...}}, as the JDK's version of Unicode has them. */
final class UnicodeProperties {
    private static final int MOST_KEPT = 64;

    /** Looking at every character once, some 20 ms. */
    private static final int STEPS_OF_SEARCH = 200_000;

    private static final Map<String, CodePointSet> FOUND = new ConcurrentHashMap<>();

    /** Long names of general categories that the JDK has short ones for only. */
    private static final Map<String, String> CATEGORIES =
            Map.ofEntries(
                    Map.entry("Letter", "L"),
                    Map.entry("Lowercase_Letter", "Ll"),
                    Map.entry("Uppercase_Letter", "Lu"),
                    Map.entry("Titlecase_Letter", "Lt"),
                    Map.entry("Modifier_Letter", "Lm"),
                    Map.entry("Other_Letter", "Lo"),
                    Map.entry("Mark", "M"),
                    Map.entry("Number", "N"),
                    Map.entry("Decimal_Number", "Nd"),
                    Map.entry("digit", "Nd"),
                    Map.entry("Punctuation", "P"),
                    Map.entry("punct", "P"),
                    Map.entry("Symbol", "S"),
                    Map.entry("Separator", "Z"),
                    Map.entry("Space_Separator", "Zs"),
                    Map.entry("Other", "C"),
                    Map.entry("Control", "Cc"));

    private UnicodeProperties() {}

    /**
     * The characters of a property.
     *
     * @param budget pays for finding them
     */
    static CodePointSet set(String name, WorkBudget budget) throws PatternException {
        return found(name, "\\p{" + javaName(name) + "}", budget);
    }

    /** Digits, characters of words or whitespace (Unicode Technical Standard 18, annex C). */
    static CodePointSet shorthand(String letter, WorkBudget budget) throws PatternException {
        return found("\\" + letter, "(?U)\\" + letter, budget);
    }

    private static CodePointSet found(String name, String expression, WorkBudget budget)
            throws PatternException {
        CodePointSet found = FOUND.get(name);
        if (found != null) {
            return found;
        }
        Pattern pattern;
        try {
            pattern = Pattern.compile(expression + "+");
        } catch (PatternSyntaxException e) {
            throw new PatternException(true, "\\p{" + name + "} is not served");
        }
        budget.spend(STEPS_OF_SEARCH);
        CodePointSet set = search(pattern);
        if (FOUND.size() < MOST_KEPT) {
            FOUND.put(name, set);
        }
        return set;
    }

    /** The characters that a pattern finds among all. */
    private static CodePointSet search(Pattern pattern) {
        StringBuilder all = new StringBuilder();
        for (int c = 0; c <= CodePointSet.LAST; c++) {
            if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
                all.appendCodePoint(c);
            }
        }
        CodePointSet set = new CodePointSet();
        Matcher matcher = pattern.matcher(all);
        while (matcher.find()) {
            // a match may begin at the second half of a character, which is not a character itself
            boolean within = Character.isLowSurrogate(all.charAt(matcher.start()));
            int from = matcher.start() + (within ? 1 : 0);
            if (from < matcher.end()) {
                set.add(all.codePointAt(from), all.codePointBefore(matcher.end()));
            }
        }
        return set;
    }

    private static String javaName(String name) {
        int equals = name.indexOf('=');
        String key = equals < 0 ? "" : name.substring(0, equals);
        String value = name.substring(equals + 1);
        return switch (key) {
            case "Script", "sc" -> "IsScript=".substring(2) + value;
            case "General_Category", "gc", "" -> general(value);
            default -> key + "=" + value;
        };
    }

    private static String general(String value) {
        String category = CATEGORIES.getOrDefault(value, value);
        return category.length() <= 2 ? category : "Is" + category.toUpperCase(Locale.ROOT);
    }
}
