package dev.weft.chat.jinja.builtin.method;

import static java.util.Map.entry;

import dev.weft.chat.jinja.budget.Budget;
import dev.weft.chat.jinja.budget.PyError;
import dev.weft.chat.jinja.characters.Chars;
import dev.weft.chat.jinja.characters.Out;
import dev.weft.chat.jinja.characters.Search;
import dev.weft.chat.jinja.operation.Sequences;
import dev.weft.chat.jinja.value.Args;
import dev.weft.chat.jinja.value.BoundArguments;
import dev.weft.chat.jinja.value.ListValue;
import dev.weft.chat.jinja.value.PythonText;
import dev.weft.chat.jinja.value.Str;
import dev.weft.chat.jinja.value.TupleValue;
import dev.weft.chat.jinja.value.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Methods of str that take it apart or join others with it. */
public final class StringSplit {
    static final Map<String, StringMethod> METHODS =
            Map.ofEntries(
                    entry("split", StringSplit::split),
                    entry("rsplit", StringSplit::rsplit),
                    entry("splitlines", StringSplit::splitLines),
                    entry("partition", (self, args) -> partition("partition", self, args)),
                    entry("rpartition", (self, args) -> partition("rpartition", self, args)),
                    entry("join", StringSplit::join));

    private StringSplit() {}

    private static Value split(Str self, Args args) {
        BoundArguments bound = args.bind("split", 0, "sep", "maxsplit");
        int most = most(bound);
        List<String> parts =
                bound.hasValue(0)
                        ? split(self.text(), separator(bound), most)
                        : words(self.text(), most);
        return list(self, parts);
    }

    private static Value rsplit(Str self, Args args) {
        BoundArguments bound = args.bind("rsplit", 0, "sep", "maxsplit");
        int most = most(bound);
        List<String> parts =
                bound.hasValue(0)
                        ? splitFromEnd(self.text(), separator(bound), most)
                        : wordsFromEnd(self.text(), most);
        return list(self, parts);
    }

    private static int most(BoundArguments bound) {
        int most = bound.integer(1, -1);
        return most < 0 ? Integer.MAX_VALUE : most;
    }

    private static String separator(BoundArguments bound) {
        String separator = bound.str(0).text();
        if (separator.isEmpty()) {
            throw PyError.value("empty separator");
        }
        return separator;
    }

    private static ListValue list(Str self, List<String> parts) {
        List<Value> items = new ArrayList<>(parts.size());
        Budget.steps(parts.size());
        parts.forEach(part -> items.add(self.like(part)));
        return new ListValue(items);
    }

    private static List<String> split(String text, String separator, int most) {
        List<String> parts = new ArrayList<>();
        Search search = new Search(separator);
        int from = 0;
        int at = search.first(text, 0);
        while (at >= 0 && parts.size() < most) {
            Budget.bytes(64 + 2L * (at - from));
            parts.add(text.substring(from, at));
            from = at + separator.length();
            at = search.first(text, from);
        }
        parts.add(text.substring(from));
        return parts;
    }

    private static List<String> splitFromEnd(String text, String separator, int most) {
        List<String> parts = new ArrayList<>();
        split(Search.reversed(text), Search.reversed(separator), most)
                .forEach(part -> parts.add(Search.reversed(part)));
        Collections.reverse(parts);
        return parts;
    }

    private static List<String> words(String text, int most) {
        Budget.scan(3L * text.length());
        List<String> parts = new ArrayList<>();
        int at = skip(text, 0);
        while (at < text.length()) {
            if (parts.size() == most) {
                parts.add(text.substring(at));
                return parts;
            }
            int end = at;
            while (end < text.length() && !Chars.isSpace(text.charAt(end))) {
                end++;
            }
            Budget.bytes(64 + 2L * (end - at));
            parts.add(text.substring(at, end));
            at = skip(text, end);
        }
        return parts;
    }

    private static int skip(String text, int from) {
        int at = from;
        while (at < text.length() && Chars.isSpace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static List<String> wordsFromEnd(String text, int most) {
        Budget.scan(3L * text.length());
        List<String> parts = new ArrayList<>();
        int end = skipBack(text, text.length());
        while (end > 0) {
            if (parts.size() == most) {
                parts.add(text.substring(0, end));
                break;
            }
            int start = end;
            while (start > 0 && !Chars.isSpace(text.charAt(start - 1))) {
                start--;
            }
            Budget.bytes(64 + 2L * (end - start));
            parts.add(text.substring(start, end));
            end = skipBack(text, start);
        }
        Collections.reverse(parts);
        return parts;
    }

    private static int skipBack(String text, int to) {
        int at = to;
        while (at > 0 && Chars.isSpace(text.charAt(at - 1))) {
            at--;
        }
        return at;
    }

    private static Value splitLines(Str self, Args args) {
        boolean keep = args.bind("splitlines", 0, "keepends").truth(0, false);
        return list(self, lines(self.text(), keep));
    }

    public static List<String> lines(String text, boolean keepEnds) {
        Budget.scan(3L * text.length());
        List<String> lines = new ArrayList<>();
        int from = 0;
        while (from < text.length()) {
            int end = from;
            while (end < text.length() && !Chars.isLineEnd(text.charAt(end))) {
                end++;
            }
            int next = text.startsWith("\r\n", end) ? end + 2 : Math.min(end + 1, text.length());
            Budget.bytes(64 + 2L * (next - from));
            lines.add(text.substring(from, keepEnds ? next : end));
            from = next;
        }
        return lines;
    }

    private static Value partition(String name, Str self, Args args) {
        Str separator = args.bindPositional(name, 1, 1).str(0);
        if (separator.text().isEmpty()) {
            throw PyError.value("empty separator");
        }
        boolean last = name.equals("rpartition");
        String text = self.text();
        int at =
                last
                        ? Search.last(text, separator.text())
                        : new Search(separator.text()).first(text, 0);
        Budget.scan(text.length());
        if (at < 0) {
            Str nothing = self.like("");
            return last
                    ? TupleValue.of(nothing, nothing, self)
                    : TupleValue.of(self, nothing, nothing);
        }
        return TupleValue.of(
                self.like(text.substring(0, at)),
                self.like(separator.text()),
                self.like(text.substring(at + separator.text().length())));
    }

    private static Value join(Str self, Args args) {
        Value items = args.bindPositional("join", 1, 1).get(0);
        Out out = new Out();
        int index = 0;
        for (Value item : Sequences.list(items)) {
            if (index > 0) {
                out.append(self.text());
            }
            if (self.markup()) {
                out.append(PythonText.escape(item).text());
            } else if (item instanceof Str str) {
                out.append(str.text());
            } else {
                throw PyError.type(
                        "sequence item "
                                + index
                                + ": expected str instance, "
                                + item.typeName()
                                + " found");
            }
            index++;
        }
        return self.like(out.toString());
    }
}
