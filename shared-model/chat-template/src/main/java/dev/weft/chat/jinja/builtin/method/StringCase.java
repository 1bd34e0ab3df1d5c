package dev.weft.chat.jinja.builtin.method;

import static java.util.Map.entry;

import dev.weft.chat.jinja.budget.Budget;
import dev.weft.chat.jinja.characters.Casing;
import dev.weft.chat.jinja.characters.Chars;
import dev.weft.chat.jinja.value.Args;
import dev.weft.chat.jinja.value.Str;
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
        return Casing.upper(text);
    }

    public static String lower(String text) {
        return Casing.lower(text);
    }

    public static String capitalize(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int head = text.codePointAt(0);
        return Chars.title(head) + Casing.lower(text, Character.charCount(head));
    }

    private static String title(String text) {
        Budget.slowly(text.length());
        StringBuilder result = new StringBuilder();
        Casing.Words words = new Casing.Words(text);
        boolean inWord = false;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            if (inWord) {
                words.lower(c, i, result);
            } else {
                result.append(Chars.title(c));
            }
            inWord = Chars.isCased(c);
            i = words.passed(c, i);
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
