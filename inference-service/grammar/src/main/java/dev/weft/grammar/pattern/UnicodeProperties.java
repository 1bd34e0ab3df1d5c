package dev.weft.grammar.pattern;

import dev.weft.grammar.budget.WorkBudget;
import dev.weft.grammar.expression.CodePointSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The properties of {@code \p{...}}, as the JDK's version of Unicode has them. */
final class UnicodeProperties {
    /** Steps of work to look at every character once, which takes some 20 ms. */
    private static final int STEPS_OF_SEARCH = 200_000;

    /** By the JDK's expression. There are some 200: names that mean the same are written alike. */
    private static final Map<String, CodePointSet> FOUND = new ConcurrentHashMap<>();

    /** Short names of general categories, by their long ones. The JDK knows only the short ones. */
    private static final Map<String, String> CATEGORIES =
            Map.ofEntries(
                    Map.entry("Letter", "L"),
                    Map.entry("Lowercase_Letter", "Ll"),
                    Map.entry("Uppercase_Letter", "Lu"),
                    Map.entry("Titlecase_Letter", "Lt"),
                    Map.entry("Cased_Letter", "LC"),
                    Map.entry("Modifier_Letter", "Lm"),
                    Map.entry("Other_Letter", "Lo"),
                    Map.entry("Mark", "M"),
                    Map.entry("Combining_Mark", "M"),
                    Map.entry("Nonspacing_Mark", "Mn"),
                    Map.entry("Spacing_Mark", "Mc"),
                    Map.entry("Enclosing_Mark", "Me"),
                    Map.entry("Number", "N"),
                    Map.entry("Decimal_Number", "Nd"),
                    Map.entry("digit", "Nd"),
                    Map.entry("Letter_Number", "Nl"),
                    Map.entry("Other_Number", "No"),
                    Map.entry("Punctuation", "P"),
                    Map.entry("punct", "P"),
                    Map.entry("Connector_Punctuation", "Pc"),
                    Map.entry("Dash_Punctuation", "Pd"),
                    Map.entry("Open_Punctuation", "Ps"),
                    Map.entry("Close_Punctuation", "Pe"),
                    Map.entry("Initial_Punctuation", "Pi"),
                    Map.entry("Final_Punctuation", "Pf"),
                    Map.entry("Other_Punctuation", "Po"),
                    Map.entry("Symbol", "S"),
                    Map.entry("Math_Symbol", "Sm"),
                    Map.entry("Currency_Symbol", "Sc"),
                    Map.entry("Modifier_Symbol", "Sk"),
                    Map.entry("Other_Symbol", "So"),
                    Map.entry("Separator", "Z"),
                    Map.entry("Space_Separator", "Zs"),
                    Map.entry("Line_Separator", "Zl"),
                    Map.entry("Paragraph_Separator", "Zp"),
                    Map.entry("Other", "C"),
                    Map.entry("Control", "Cc"),
                    Map.entry("cntrl", "Cc"),
                    Map.entry("Format", "Cf"),
                    Map.entry("Private_Use", "Co"),
                    Map.entry("Surrogate", "Cs"),
                    Map.entry("Unassigned", "Cn"));

    /** Short names of general categories, as ECMA-262 and the JDK have them. */
    private static final Set<String> SHORT =
            Set.of(
                    "C", "Cc", "Cf", "Cn", "Co", "Cs", "L", "LC", "Ll", "Lm", "Lo", "Lt", "Lu", "M",
                    "Mc", "Me", "Mn", "N", "Nd", "Nl", "No", "P", "Pc", "Pd", "Pe", "Pf", "Pi",
                    "Po", "Ps", "S", "Sc", "Sk", "Sm", "So", "Z", "Zl", "Zp", "Zs");

    /** The JDK's names of binary properties, by ECMA-262's, if both mean the same set. */
    private static final Map<String, String> BINARY =
            Map.ofEntries(
                    Map.entry("Alphabetic", "Alphabetic"),
                    Map.entry("Alpha", "Alphabetic"),
                    Map.entry("Assigned", "Assigned"),
                    Map.entry("Emoji", "Emoji"),
                    Map.entry("Emoji_Component", "Emoji_Component"),
                    Map.entry("Emoji_Modifier", "Emoji_Modifier"),
                    Map.entry("Emoji_Modifier_Base", "Emoji_Modifier_Base"),
                    Map.entry("Emoji_Presentation", "Emoji_Presentation"),
                    Map.entry("Extended_Pictographic", "Extended_Pictographic"),
                    Map.entry("Ideographic", "Ideographic"),
                    Map.entry("Ideo", "Ideographic"),
                    Map.entry("Join_Control", "Join_Control"),
                    Map.entry("Lowercase", "Lowercase"),
                    Map.entry("Lower", "Lowercase"),
                    Map.entry("Noncharacter_Code_Point", "Noncharacter_Code_Point"),
                    Map.entry("Uppercase", "Uppercase"),
                    Map.entry("Upper", "Uppercase"),
                    Map.entry("White_Space", "White_Space"),
                    Map.entry("space", "White_Space"));

    /** Sets that are written out. */
    private static final Map<String, String> WRITTEN =
            Map.of(
                    "Any", "[\\x{0}-\\x{10FFFF}]",
                    "ASCII", "[\\x{0}-\\x{7F}]",
                    "ASCII_Hex_Digit", "[0-9A-Fa-f]",
                    "AHex", "[0-9A-Fa-f]",
                    "Hex_Digit", "[0-9A-Fa-f\\uFF10-\\uFF19\\uFF21-\\uFF26\\uFF41-\\uFF46]",
                    "Hex", "[0-9A-Fa-f\\uFF10-\\uFF19\\uFF21-\\uFF26\\uFF41-\\uFF46]");

    private UnicodeProperties() {}

    /**
     * The characters of a property.
     *
     * @param budget pays for finding them
     */
    static CodePointSet set(String name, WorkBudget budget) throws PatternException {
        return found(expression(name), budget);
    }

    /** Digits, characters of words or whitespace (Unicode Technical Standard 18, annex C). */
    static CodePointSet shorthand(String letter, WorkBudget budget) {
        return found("(?U)\\" + letter, budget);
    }

    private static CodePointSet found(String expression, WorkBudget budget) {
        CodePointSet found = FOUND.get(expression);
        if (found == null) {
            budget.spend(STEPS_OF_SEARCH);
            found = search(Pattern.compile(expression + "+"));
            FOUND.put(expression, found);
        }
        return found;
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

    /**
     * The JDK's expression for a property. Only names of ECMA-262 count: other names that the JDK
     * knows mean sets of its own.
     */
    private static String expression(String name) throws PatternException {
        int equals = name.indexOf('=');
        String key = equals < 0 ? "" : name.substring(0, equals);
        String value = name.substring(equals + 1);
        return switch (key) {
            case "Script", "sc" -> script(name, value);
            case "General_Category", "gc" -> category(name, value);
            case "" -> {
                String written = WRITTEN.get(value);
                String binary = BINARY.get(value);
                yield written != null
                        ? written
                        : binary != null ? "\\p{Is" + binary + "}" : bare(name, value);
            }
            default -> throw unserved(name);
        };
    }

    /** A category, or a script, which Rust calls by its bare name too. */
    private static String bare(String name, String value) throws PatternException {
        boolean isCategory = CATEGORIES.containsKey(value) || SHORT.contains(value);
        return isCategory ? category(name, value) : script(name, value);
    }

    private static String script(String name, String value) throws PatternException {
        try {
            return "\\p{script=" + Character.UnicodeScript.forName(value).name() + "}";
        } catch (IllegalArgumentException e) {
            throw unserved(name);
        }
    }

    private static String category(String name, String value) throws PatternException {
        String category = CATEGORIES.getOrDefault(value, value);
        if (!SHORT.contains(category)) {
            throw unserved(name);
        }
        return "\\p{" + category + "}";
    }

    private static PatternException unserved(String name) {
        return new PatternException(true, "\\p{" + name + "} is not served");
    }
}
