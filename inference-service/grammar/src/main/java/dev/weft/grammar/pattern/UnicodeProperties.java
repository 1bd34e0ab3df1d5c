package dev.weft.grammar.pattern;

import dev.weft.grammar.expression.CodePointSet;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** The properties of {@code \p{...}}, as the JDK's version of Unicode has them. */
final class UnicodeProperties {
    private static final int MOST_KEPT = 64;
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

    static CodePointSet set(String name) throws PatternException {
        return found(name, "\\p{" + javaName(name) + "}");
    }

    /** Digits, characters of words or whitespace (Unicode Technical Standard 18, annex C). */
    static CodePointSet shorthand(String letter) throws PatternException {
        return found("\\" + letter, "(?U)\\" + letter);
    }

    private static CodePointSet found(String name, String expression) throws PatternException {
        CodePointSet found = FOUND.get(name);
        if (found != null) {
            return found;
        }
        Pattern pattern;
        try {
            pattern = Pattern.compile(expression);
        } catch (PatternSyntaxException e) {
            throw new PatternException(true, "\\p{" + name + "} is not served");
        }
        var matcher = pattern.matcher("");
        CodePointSet set =
                CodePointSet.matching(c -> matcher.reset(Character.toString(c)).matches());
        if (FOUND.size() < MOST_KEPT) {
            FOUND.put(name, set);
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
