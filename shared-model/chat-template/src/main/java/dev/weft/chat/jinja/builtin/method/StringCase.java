package dev.weft.chat.jinja.builtin.method;

import static java.util.Map.entry;

import dev.weft.chat.jinja.budget.Budget;
import dev.weft.chat.jinja.characters.Chars;
import dev.weft.chat.jinja.value.Args;
import dev.weft.chat.jinja.value.Str;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Methods of str that change case. */
public final class StringCase {
    static final Map<String, StringMethod> METHODS =
            Map.ofEntries(
                    entry("upper", plain("upper", StringCase::upper)),
                    entry("lower", plain("lower", StringCase::lower)),
                    entry("casefold", plain("casefold", text -> lower(upper(text)))),
                    entry("capitalize", plain("capitalize", StringCase::capitalize)),
                    entry("title", plain("title", StringCase::title)),
                    entry("swapcase", plain("swapcase", StringCase::swap)));

    private StringCase() {}

    private static StringMethod plain(String name, UnaryOperator<String> change) {
        return (Str self, Args args) -> {
            args.bindPositional(name, 0, 0);
            Budget.scan(4L * self.text().length());
            return self.like(change.apply(self.text()));
        };
    }

    public static String upper(String text) {
        return text.toUpperCase(Locale.ROOT);
    }

    public static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    public static String capitalize(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int head = text.codePointAt(0);
        return Chars.title(head) + lower(text.substring(Character.charCount(head)));
    }

    private static String title(String text) {
        Budget.slowly(text.length());
        String lower = lower(text);
        boolean sameShape = lower.length() == text.length();
        StringBuilder result = new StringBuilder();
        boolean inWord = false;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            int length = Character.charCount(c);
            if (!inWord) {
                result.append(Chars.title(c));
            } else if (sameShape) {
                result.append(lower, i, i + length);
            } else {
                result.append(lower(Character.toString(c)));
            }
            inWord = Chars.isCased(c);
            i += length;
        }
        return result.toString();
    }

    private static String swap(String text) {
        Budget.slowly(text.length());
        StringBuilder result = new StringBuilder();
        text.codePoints()
                .forEach(c -> {
                    String one = Character.toString(c);
                    result.append(
                            Character.isUpperCase(c)
                                    ? lower(one)
                                    : Character.isLowerCase(c) ? upper(one) : one);
                });
        return result.toString();
    }
}
