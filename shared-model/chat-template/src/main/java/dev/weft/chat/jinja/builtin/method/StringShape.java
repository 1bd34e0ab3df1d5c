package dev.weft.chat.jinja.builtin.method;

import static java.util.Map.entry;

import dev.weft.chat.jinja.budget.Budget;
import dev.weft.chat.jinja.budget.PyError;
import dev.weft.chat.jinja.characters.Chars;
import dev.weft.chat.jinja.characters.Out;
import dev.weft.chat.jinja.value.Args;
import dev.weft.chat.jinja.value.BoundArguments;
import dev.weft.chat.jinja.value.Str;
import dev.weft.chat.jinja.value.Value;
import java.util.BitSet;
import java.util.Map;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Methods of str that strip and pad. */
public final class StringShape {
    static final Map<String, StringMethod> METHODS =
            Map.ofEntries(
                    entry("strip", (self, args) -> strip("strip", self, args, true, true)),
                    entry("lstrip", (self, args) -> strip("lstrip", self, args, true, false)),
                    entry("rstrip", (self, args) -> strip("rstrip", self, args, false, true)),
                    entry("center", (self, args) -> pad("center", self, args)),
                    entry("ljust", (self, args) -> pad("ljust", self, args)),
                    entry("rjust", (self, args) -> pad("rjust", self, args)),
                    entry("zfill", StringShape::zeroFill),
                    entry("expandtabs", StringShape::expandTabs));

    /** The largest number of characters that are compared one by one. */
    private static final int FEW = 8;

    /** Bytes of a set with the last of Unicode's characters. */
    private static final int MAX_SET_BYTES = Character.MAX_CODE_POINT / Byte.SIZE;

    private StringShape() {}

    private static Value strip(String name, Str self, Args args, boolean left, boolean right) {
        BoundArguments bound = args.bindPositional(name, 0, 1);
        String characters = bound.hasValue(0) ? bound.str(0).text() : null;
        return self.like(strip(self.text(), characters, left, right));
    }

    /** Strips {@code characters}, or white space if they are null. */
    public static String strip(
            String text, @Nullable String characters, boolean left, boolean right) {
        IntPredicate strips = strips(characters);
        int start = 0;
        int end = text.length();
        while (left && start < end && strips.test(text.codePointAt(start))) {
            start += Character.charCount(text.codePointAt(start));
        }
        while (right && end > start && strips.test(text.codePointBefore(end))) {
            end -= Character.charCount(text.codePointBefore(end));
        }
        Budget.scan(4L * (start + text.length() - end));
        return text.substring(start, end);
    }

    private static IntPredicate strips(@Nullable String characters) {
        if (characters == null) {
            return Chars::isSpace;
        }
        if (characters.length() <= FEW) {
            return c -> characters.indexOf(c) >= 0;
        }
        Budget.slowly(characters.length());
        Budget.bytes(MAX_SET_BYTES);
        BitSet set = new BitSet();
        characters.codePoints().forEach(set::set);
        return set::get;
    }

    private static Value pad(String name, Str self, Args args) {
        BoundArguments bound = args.bindPositional(name, 1, 2);
        String fill = bound.has(1) ? bound.str(1).text() : " ";
        if (fill.codePointCount(0, fill.length()) != 1) {
            throw PyError.type("The fill character must be exactly one character long");
        }
        return self.like(pad(name, self, bound.integer(0), fill));
    }

    public static String pad(String how, Str self, int width, String fill) {
        int missing = width - self.length();
        if (missing <= 0) {
            return self.text();
        }
        Budget.room(width);
        Budget.scan(width);
        int before =
                switch (how) {
                    case "ljust" -> 0;
                    case "rjust" -> missing;
                    default -> missing / 2 + (missing & width & 1);
                };
        return fill.repeat(before) + self.text() + fill.repeat(missing - before);
    }

    private static Value zeroFill(Str self, Args args) {
        int missing = args.bindPositional("zfill", 1, 1).integer(0) - self.length();
        if (missing <= 0) {
            return self;
        }
        Budget.room((long) missing + self.text().length());
        Budget.scan((long) missing + self.text().length());
        String text = self.text();
        int sign = text.startsWith("+") || text.startsWith("-") ? 1 : 0;
        return self.like(text.substring(0, sign) + "0".repeat(missing) + text.substring(sign));
    }

    private static Value expandTabs(Str self, Args args) {
        int size = args.bind("expandtabs", 0, "tabsize").integer(0, 8);
        Out out = new Out();
        int column = 0;
        Budget.scan(2L * self.text().length());
        Budget.bytes(8L * self.text().length());
        for (int c : self.text().codePoints().toArray()) {
            if (c == '\t') {
                int spaces = size > 0 ? size - column % size : 0;
                Budget.room(spaces);
                out.append(" ".repeat(spaces));
                column += spaces;
            } else {
                out.appendCodePoint(c);
                column = c == '\n' || c == '\r' ? 0 : column + 1;
            }
        }
        return self.like(out.toString());
    }
}
