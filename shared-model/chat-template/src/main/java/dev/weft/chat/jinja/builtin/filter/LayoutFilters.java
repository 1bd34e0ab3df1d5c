package dev.weft.chat.jinja.builtin.filter;

import dev.weft.chat.jinja.budget.Budget;
import dev.weft.chat.jinja.budget.PyError;
import dev.weft.chat.jinja.builtin.method.AttributePath;
import dev.weft.chat.jinja.builtin.method.StringShape;
import dev.weft.chat.jinja.builtin.method.StringSplit;
import dev.weft.chat.jinja.characters.Out;
import dev.weft.chat.jinja.operation.Sequences;
import dev.weft.chat.jinja.value.Args;
import dev.weft.chat.jinja.value.BoundArguments;
import dev.weft.chat.jinja.value.None;
import dev.weft.chat.jinja.value.PythonText;
import dev.weft.chat.jinja.value.Str;
import dev.weft.chat.jinja.value.Undefined;
import dev.weft.chat.jinja.value.Value;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Filters that lay text out: indent, truncate, center, join, and JSON as transformers writes it.
 */
final class LayoutFilters {
    private static final int LEEWAY = 5;

    static final Map<String, Filter> FILTERS =
            Map.of(
                    "indent", LayoutFilters::indent,
                    "truncate", LayoutFilters::truncate,
                    "center", LayoutFilters::center,
                    "join", LayoutFilters::join,
                    "tojson", LayoutFilters::toJson);

    private LayoutFilters() {}

    private static Value indent(Value input, Args args) {
        BoundArguments bound = args.bind("indent", 0, "width", "first", "blank");
        Str text = text(input);
        String indention =
                bound.has(0) && bound.get(0) instanceof Str given
                        ? given.text()
                        : spaces(bound.integer(0, 4));
        if (text.markup() && bound.has(0) && bound.get(0) instanceof Str given) {
            indention = given.text();
        }
        Budget.scan(2L * text.text().length());
        boolean blank = bound.truth(2, false);
        Out out = new Out().append(bound.truth(1, false) ? indention : "");
        List<String> lines = StringSplit.lines(text.text() + "\n", false);
        for (int i = 0; i < lines.size(); i++) {
            if (i > 0) {
                out.append("\n").append(blank || !lines.get(i).isEmpty() ? indention : "");
            }
            out.append(lines.get(i));
        }
        return text.like(out.toString());
    }

    private static Str text(Value input) {
        if (input instanceof Str str) {
            return str;
        }
        throw input instanceof Undefined undefined
                ? undefined.error()
                : PyError.type("expected str, not " + input.typeName());
    }

    private static String spaces(int count) {
        Budget.room(count);
        Budget.scan(Math.max(count, 0));
        return " ".repeat(Math.max(count, 0));
    }

    private static Value truncate(Value input, Args args) {
        BoundArguments bound = args.bind("truncate", 0, "length", "killwords", "end", "leeway");
        int length = bound.integer(0, 255);
        Str end = bound.has(2) ? bound.str(2) : new Str("...");
        int leeway = bound.hasValue(3) ? bound.integer(3) : LEEWAY;
        if (length < end.length() || leeway < 0) {
            throw PyError.runtime("expected length >= " + end.length() + " and leeway >= 0");
        }
        if (Sequences.length(input) <= (long) length + leeway) {
            return input;
        }
        Str text = text(input);
        String head = text.slice(0, length - end.length());
        if (!bound.truth(1, false)) {
            Budget.scan(head.length());
            int space = head.lastIndexOf(' ');
            head = space < 0 ? head : head.substring(0, space);
        }
        return text.like(head).plus(end);
    }

    private static Value center(Value input, Args args) {
        int width = args.bind("center", 0, "width").integer(0, 80);
        Str text = PythonText.soft(input);
        return text.like(StringShape.pad("center", text, width, " "));
    }

    private static Value join(Value input, Args args) {
        BoundArguments bound = args.bind("join", 0, "d", "attribute");
        String separator = PythonText.str(bound.get(0, Str.EMPTY));
        AttributePath path =
                bound.hasValue(1) ? AttributePath.of(bound.get(1)) : AttributePath.SELF;
        Out out = new Out();
        boolean first = true;
        for (Value item : Sequences.list(input)) {
            out.append(first ? "" : separator).append(PythonText.str(path.get(item)));
            first = false;
        }
        return new Str(out.toString());
    }

    private static Value toJson(Value input, Args args) {
        BoundArguments bound =
                args.bind("tojson", 0, "ensure_ascii", "indent", "separators", "sort_keys");
        String indent = indent(bound.get(1, None.NONE));
        String itemSeparator = indent == null ? ", " : ",";
        String keySeparator = ": ";
        if (bound.hasValue(2)) {
            List<Value> separators = Sequences.list(bound.get(2));
            if (separators.size() != 2) {
                throw PyError.value("separators must be a pair of strings");
            }
            itemSeparator = text(separators.get(0)).text();
            keySeparator = text(separators.get(1)).text();
        }
        return new Str(
                Json.dumps(
                        input,
                        new Json.Style(
                                bound.truth(0, false),
                                indent,
                                itemSeparator,
                                keySeparator,
                                bound.truth(3, false))));
    }

    private static @Nullable String indent(Value indent) {
        if (indent == None.NONE) {
            return null;
        }
        return indent instanceof Str text
                ? text.text()
                : spaces(Args.of(indent).bindPositional("tojson", 1, 1).integer(0));
    }
}
