package dev.weft.chat.jinja.builtin.method;

import static java.util.Map.entry;

import dev.weft.chat.jinja.budget.Budget;
import dev.weft.chat.jinja.characters.Chars;
import dev.weft.chat.jinja.value.Args;
import dev.weft.chat.jinja.value.Bool;
import dev.weft.chat.jinja.value.Str;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

/** Methods of str that ask what kind of characters it has. */
public final class StringClasses {
    static final Map<String, StringMethod> METHODS =
            Map.ofEntries(
                    entry("isalnum", all("isalnum", Chars::isAlphanumeric)),
                    entry("isalpha", all("isalpha", Chars::isAlpha)),
                    entry("isdecimal", all("isdecimal", Chars::isDecimal)),
                    entry("isdigit", all("isdigit", Chars::isDigit)),
                    entry("isnumeric", all("isnumeric", Chars::isNumeric)),
                    entry("isspace", all("isspace", Chars::isSpace)),
                    entry("isascii", test("isascii", text -> each(text, c -> c < 0x80))),
                    entry("isprintable", test("isprintable", t -> each(t, Chars::isPrintable))),
                    entry("isidentifier", test("isidentifier", StringClasses::isIdentifier)),
                    entry("islower", test("islower", StringClasses::isLower)),
                    entry("isupper", test("isupper", StringClasses::isUpper)),
                    entry("istitle", test("istitle", StringClasses::isTitle)));

    private StringClasses() {}

    private static StringMethod all(String name, IntPredicate kind) {
        return test(name, text -> !text.isEmpty() && each(text, kind));
    }

    private static StringMethod test(String name, Predicate<String> test) {
        return (Str self, Args args) -> {
            args.bindPositional(name, 0, 0);
            Budget.scan(4L * self.text().length());
            return Bool.of(test.test(self.text()));
        };
    }

    private static boolean each(String text, IntPredicate kind) {
        return text.codePoints().allMatch(kind);
    }

    public static boolean isLower(String text) {
        Budget.scan(2L * text.length());
        return text.codePoints().anyMatch(Character::isLowerCase)
                && text.codePoints()
                        .noneMatch(c -> Character.isUpperCase(c) || Character.isTitleCase(c));
    }

    public static boolean isUpper(String text) {
        Budget.scan(2L * text.length());
        return text.codePoints().anyMatch(Character::isUpperCase)
                && text.codePoints()
                        .noneMatch(c -> Character.isLowerCase(c) || Character.isTitleCase(c));
    }

    private static boolean isTitle(String text) {
        boolean cased = false;
        boolean inWord = false;
        Budget.bytes(8L * text.length());
        for (int c : text.codePoints().toArray()) {
            boolean head = Character.isUpperCase(c) || Character.isTitleCase(c);
            boolean tail = Character.isLowerCase(c);
            if ((head && inWord) || (tail && !inWord)) {
                return false;
            }
            inWord = head || tail;
            cased |= inWord;
        }
        return cased;
    }

    private static boolean isIdentifier(String text) {
        if (text.isEmpty()) {
            return false;
        }
        int head = text.codePointAt(0);
        return (head == '_' || Character.isUnicodeIdentifierStart(head))
                && text.codePoints()
                        .allMatch(c ->
                                Character.isUnicodeIdentifierPart(c)
                                        && !Character.isIdentifierIgnorable(c));
    }
}
