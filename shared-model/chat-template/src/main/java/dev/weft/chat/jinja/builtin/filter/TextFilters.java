package dev.weft.chat.jinja.builtin.filter;

import static java.util.Map.entry;

import dev.weft.chat.jinja.budget.Budget;
import dev.weft.chat.jinja.budget.PyError;
import dev.weft.chat.jinja.builtin.method.StringCase;
import dev.weft.chat.jinja.builtin.method.StringSearch;
import dev.weft.chat.jinja.builtin.method.StringShape;
import dev.weft.chat.jinja.characters.Chars;
import dev.weft.chat.jinja.operation.Arithmetic;
import dev.weft.chat.jinja.value.Args;
import dev.weft.chat.jinja.value.BoundArguments;
import dev.weft.chat.jinja.value.DictValue;
import dev.weft.chat.jinja.value.Int;
import dev.weft.chat.jinja.value.PythonText;
import dev.weft.chat.jinja.value.Str;
import dev.weft.chat.jinja.value.TupleValue;
import dev.weft.chat.jinja.value.Value;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Filters from text to text. */
final class TextFilters {
    static final Map<String, Filter> FILTERS =
            Map.ofEntries(
                    entry("upper", plain("upper", StringCase::upper)),
                    entry("lower", plain("lower", StringCase::lower)),
                    entry("capitalize", plain("capitalize", StringCase::capitalize)),
                    entry("title", TextFilters::titleFilter),
                    entry("trim", TextFilters::trim),
                    entry("string", TextFilters::string),
                    entry("replace", TextFilters::replace),
                    entry("format", TextFilters::format),
                    entry("wordcount", TextFilters::wordCount),
                    entry("safe", TextFilters::safe),
                    entry("escape", TextFilters::escapeFilter),
                    entry("e", TextFilters::escapeFilter),
                    entry("forceescape", TextFilters::forceEscape));

    private TextFilters() {}

    private static Filter plain(String name, UnaryOperator<String> change) {
        return (Value input, Args args) -> {
            args.bindPositional(name, 0, 0);
            Str text = PythonText.soft(input);
            Budget.scan(4L * text.text().length());
            return text.like(change.apply(text.text()));
        };
    }

    /** The result is joined from pieces, so it is never markup. */
    private static Value titleFilter(Value input, Args args) {
        args.bindPositional("title", 0, 0);
        return new Str(title(PythonText.soft(input).text()));
    }

    private static String title(String text) {
        Budget.slowly(text.length());
        Budget.bytes(8L * text.length());
        StringBuilder result = new StringBuilder();
        for (int from = 0; from < text.length(); ) {
            int to = endOfWord(text, from);
            int head = from + Character.charCount(text.codePointAt(from));
            result.append(StringCase.upper(text.substring(from, head)));
            result.append(StringCase.lower(text.substring(head, to)));
            from = to;
        }
        return result.toString();
    }

    /** A word ends before a border and behind it. */
    private static int endOfWord(String text, int from) {
        int at = from;
        while (at < text.length()) {
            int c = text.codePointAt(at);
            if (c == '-' || Chars.isSpace(c) || "({[<".indexOf(c) >= 0) {
                return at == from ? at + Character.charCount(c) : at;
            }
            at += Character.charCount(c);
        }
        return at;
    }

    private static Value trim(Value input, Args args) {
        BoundArguments bound = args.bind("trim", 0, "chars");
        Str text = PythonText.soft(input);
        String characters = bound.hasValue(0) ? bound.str(0).text() : null;
        return text.like(StringShape.strip(text.text(), characters, true, true));
    }

    private static Value string(Value input, Args args) {
        args.bindPositional("string", 0, 0);
        return PythonText.soft(input);
    }

    private static Value replace(Value input, Args args) {
        BoundArguments bound = args.bind("replace", 2, "old", "new", "count");
        String text = PythonText.str(input);
        Budget.scan(text.length());
        return new Str(
                StringSearch.replace(
                        text,
                        PythonText.str(bound.get(0)),
                        PythonText.str(bound.get(1)),
                        bound.hasValue(2) ? bound.integer(2) : -1));
    }

    private static Value format(Value input, Args args) {
        if (args.keywords().isEmpty()) {
            return Arithmetic.modulo(PythonText.soft(input), new TupleValue(args.positional()));
        }
        if (!args.positional().isEmpty()) {
            throw PyError.runtime("can't handle positional and keyword arguments at the same time");
        }
        DictValue.Builder values = DictValue.builder();
        args.keywords().forEach(values::put);
        return Arithmetic.modulo(PythonText.soft(input), values.build());
    }

    private static Value wordCount(Value input, Args args) {
        args.bindPositional("wordcount", 0, 0);
        int count = 0;
        boolean inWord = false;
        String text = PythonText.soft(input).text();
        Budget.scan(4L * text.length());
        Budget.bytes(8L * text.length());
        for (int c : text.codePoints().toArray()) {
            boolean word = Chars.isWord(c);
            count += word && !inWord ? 1 : 0;
            inWord = word;
        }
        return Int.of(count);
    }

    private static Value safe(Value input, Args args) {
        args.bindPositional("safe", 0, 0);
        return new Str(PythonText.str(input), true);
    }

    private static Value escapeFilter(Value input, Args args) {
        args.bindPositional("escape", 0, 0);
        return PythonText.escape(input);
    }

    private static Value forceEscape(Value input, Args args) {
        args.bindPositional("forceescape", 0, 0);
        return new Str(PythonText.str(input)).escaped();
    }
}
