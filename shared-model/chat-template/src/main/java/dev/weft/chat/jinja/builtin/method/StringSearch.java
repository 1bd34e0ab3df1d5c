package dev.weft.chat.jinja.builtin.method;

import static java.util.Map.entry;

import dev.weft.chat.jinja.budget.Budget;
import dev.weft.chat.jinja.budget.PyError;
import dev.weft.chat.jinja.characters.Out;
import dev.weft.chat.jinja.characters.Search;
import dev.weft.chat.jinja.value.Args;
import dev.weft.chat.jinja.value.Bool;
import dev.weft.chat.jinja.value.BoundArguments;
import dev.weft.chat.jinja.value.Int;
import dev.weft.chat.jinja.value.Str;
import dev.weft.chat.jinja.value.TupleValue;
import dev.weft.chat.jinja.value.Value;
import java.util.Map;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** Methods of str that look for parts of it. Positions count code points. */
public final class StringSearch {
    static final Map<String, StringMethod> METHODS =
            Map.ofEntries(
                    entry("find", (self, args) -> Int.of(find("find", self, args, true))),
                    entry("rfind", (self, args) -> Int.of(find("rfind", self, args, false))),
                    entry("index", (self, args) -> index("index", self, args, true)),
                    entry("rindex", (self, args) -> index("rindex", self, args, false)),
                    entry("count", StringSearch::count),
                    entry(
                            "startswith",
                            (s, args) -> ends("startswith", s, args, String::startsWith)),
                    entry("endswith", (s, args) -> ends("endswith", s, args, String::endsWith)),
                    entry("replace", StringSearch::replace),
                    entry("removeprefix", StringSearch::removePrefix),
                    entry("removesuffix", StringSearch::removeSuffix));

    /** The part of a string that the optional start and end arguments select. */
    private record Part(int start, String text) {
        static @Nullable Part of(Str self, BoundArguments bound) {
            int length = self.length();
            int start = absolute(bound.hasValue(1) ? bound.integer(1) : 0, length);
            int end =
                    Math.min(
                            absolute(bound.hasValue(2) ? bound.integer(2) : length, length),
                            length);
            return start > end ? null : new Part(start, self.slice(start, end));
        }

        private static int absolute(int index, int length) {
            return index < 0 ? Math.max(index + length, 0) : index;
        }
    }

    private StringSearch() {}

    private static int find(String name, Str self, Args args, boolean first) {
        BoundArguments bound = args.bindPositional(name, 1, 3);
        String wanted = bound.str(0).text();
        Part part = Part.of(self, bound);
        if (part == null) {
            return -1;
        }
        int at = first ? new Search(wanted).first(part.text, 0) : Search.last(part.text, wanted);
        Budget.scan(Math.max(at, 0));
        return at < 0 ? -1 : part.start + part.text.codePointCount(0, at);
    }

    private static Value index(String name, Str self, Args args, boolean first) {
        int at = find(name, self, args, first);
        if (at < 0) {
            throw PyError.value("substring not found");
        }
        return Int.of(at);
    }

    private static Value count(Str self, Args args) {
        BoundArguments bound = args.bindPositional("count", 1, 3);
        String wanted = bound.str(0).text();
        Part part = Part.of(self, bound);
        if (part == null) {
            return Int.of(0);
        }
        return Int.of(
                wanted.isEmpty()
                        ? part.text.codePointCount(0, part.text.length()) + 1L
                        : occurrences(part.text, wanted));
    }

    private static long occurrences(String text, String wanted) {
        long count = 0;
        Search search = new Search(wanted);
        for (int at = search.first(text, 0); at >= 0; at = search.first(text, at)) {
            count++;
            at += wanted.length();
        }
        return count;
    }

    private static Value ends(String name, Str self, Args args, BiPredicate<String, String> test) {
        BoundArguments bound = args.bindPositional(name, 1, 3);
        Part part = Part.of(self, bound);
        if (bound.get(0) instanceof TupleValue tuple) {
            boolean any = false;
            for (Value one : tuple.items()) {
                Budget.scan(length(one));
                any |=
                        part != null
                                && test.test(
                                        part.text,
                                        Args.of(one).bindPositional(name, 1, 1).str(0).text());
            }
            return Bool.of(any);
        }
        String wanted = bound.str(0).text();
        Budget.scan(wanted.length());
        return Bool.of(part != null && test.test(part.text, wanted));
    }

    private static int length(Value value) {
        return value instanceof Str str ? str.text().length() : 0;
    }

    private static Value replace(Str self, Args args) {
        Value count = args.keywords().get("count");
        BoundArguments bound =
                new Args(args.positional(), Map.of()).bindPositional("replace", 2, 3);
        if (args.keywords().size() > (count == null ? 0 : 1) || (count != null && bound.has(2))) {
            throw PyError.type("replace() takes old, new and count");
        }
        int most =
                count != null
                        ? Args.of(count).bindPositional("replace", 1, 1).integer(0)
                        : bound.integer(2, -1);
        Str fresh = self.markup() ? bound.str(1).escaped() : bound.str(1);
        return self.like(replace(self.text(), bound.str(0).text(), fresh.text(), most));
    }

    /** {@code text.replace(old, new, most)}; {@code most < 0} means all. */
    public static String replace(String text, String old, String fresh, int most) {
        if (most == 0) {
            return text;
        }
        if (old.isEmpty()) {
            return between(text, fresh, most);
        }
        long found = occurrences(text, old);
        long times = most < 0 ? found : Math.min(found, most);
        Budget.room(text.length() + times * (fresh.length() - old.length()));
        Out result = new Out();
        Search search = new Search(old);
        int from = 0;
        for (long i = 0; i < times; i++) {
            int at = search.first(text, from);
            result.append(text.substring(from, at)).append(fresh);
            from = at + old.length();
        }
        return result.append(text.substring(from)).toString();
    }

    private static String between(String text, String fresh, int most) {
        Budget.room(text.length() + (text.length() + 1L) * fresh.length());
        Budget.bytes(8L * text.length());
        Out result = new Out();
        int left = most < 0 ? Integer.MAX_VALUE : most;
        for (int c : text.codePoints().toArray()) {
            if (left-- > 0) {
                result.append(fresh);
            }
            result.appendCodePoint(c);
        }
        return (left > 0 ? result.append(fresh) : result).toString();
    }

    private static Value removePrefix(Str self, Args args) {
        String prefix = args.bindPositional("removeprefix", 1, 1).str(0).text();
        Budget.scan(prefix.length());
        return self.text().startsWith(prefix)
                ? self.like(self.text().substring(prefix.length()))
                : self;
    }

    private static Value removeSuffix(Str self, Args args) {
        String suffix = args.bindPositional("removesuffix", 1, 1).str(0).text();
        Budget.scan(suffix.length());
        return self.text().endsWith(suffix)
                ? self.like(self.text().substring(0, self.text().length() - suffix.length()))
                : self;
    }
}
