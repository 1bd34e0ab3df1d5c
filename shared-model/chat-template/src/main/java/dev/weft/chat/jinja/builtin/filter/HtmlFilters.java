package dev.weft.chat.jinja.builtin.filter;

import dev.weft.chat.jinja.budget.Budget;
import dev.weft.chat.jinja.budget.PyError;
import dev.weft.chat.jinja.characters.Out;
import dev.weft.chat.jinja.operation.Sequences;
import dev.weft.chat.jinja.value.Args;
import dev.weft.chat.jinja.value.BoundArguments;
import dev.weft.chat.jinja.value.DictValue;
import dev.weft.chat.jinja.value.None;
import dev.weft.chat.jinja.value.PythonText;
import dev.weft.chat.jinja.value.Str;
import dev.weft.chat.jinja.value.TupleValue;
import dev.weft.chat.jinja.value.Undefined;
import dev.weft.chat.jinja.value.Value;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Filters for attributes and addresses. */
final class HtmlFilters {
    static final Map<String, Filter> FILTERS =
            Map.of("urlencode", HtmlFilters::urlEncode, "xmlattr", HtmlFilters::xmlAttributes);

    private HtmlFilters() {}

    private static Value urlEncode(Value input, Args args) {
        args.bindPositional("urlencode", 0, 0);
        if (input instanceof Str || !Tests.isIterable(input)) {
            return new Str(quote(input, false));
        }
        List<Value> pairs = new ArrayList<>();
        if (input instanceof DictValue dict) {
            dict.entries().forEach(e -> pairs.add(TupleValue.of(e.key(), e.value())));
        } else {
            pairs.addAll(Sequences.list(input));
        }
        Out out = new Out();
        for (int i = 0; i < pairs.size(); i++) {
            List<Value> pair = Sequences.list(pairs.get(i));
            if (pair.size() != 2) {
                throw PyError.value("urlencode takes pairs of key and value");
            }
            out.append(i == 0 ? "" : "&")
                    .append(quote(pair.get(0), true))
                    .append("=")
                    .append(quote(pair.get(1), true));
        }
        return new Str(out.toString());
    }

    private static char hex(int digit) {
        return Character.toUpperCase(Character.forDigit(digit & 15, 16));
    }

    private static String quote(Value value, boolean query) {
        Out out = new Out();
        String text = PythonText.str(value);
        Budget.scan(3L * text.length());
        Budget.bytes(3L * text.length());
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (octet & 0xFF);
            boolean plain =
                    (c >= '0' && c <= '9')
                            || (c >= 'A' && c <= 'Z')
                            || (c >= 'a' && c <= 'z')
                            || "_.-~".indexOf(c) >= 0
                            || (c == '/' && !query);
            if (plain) {
                out.append(c);
            } else {
                if (c == ' ' && query) {
                    out.append('+');
                } else {
                    out.append('%').append(hex(c >> 4)).append(hex(c));
                }
            }
        }
        return out.toString();
    }

    private static boolean isName(String text) {
        Budget.scan(4L * text.length());
        return text.chars().noneMatch(c -> " \t\n\r\f\u000b/>=".indexOf(c) >= 0);
    }

    private static Value xmlAttributes(Value input, Args args) {
        BoundArguments bound = args.bind("xmlattr", 0, "autospace");
        if (!(input instanceof DictValue dict)) {
            throw PyError.type("xmlattr takes a dict");
        }
        Out out = new Out();
        boolean first = true;
        for (DictValue.Entry entry : dict.entries()) {
            Budget.steps(1);
            if (entry.value() == None.NONE || entry.value() instanceof Undefined) {
                continue;
            }
            if (!(entry.key() instanceof Str key) || !isName(key.text())) {
                throw PyError.value(
                        "Invalid character in attribute name: " + PythonText.repr(entry.key()));
            }
            out.append(first && !bound.truth(0, true) ? "" : " ")
                    .append(key.escaped().text())
                    .append("=\"")
                    .append(PythonText.escape(entry.value()).text())
                    .append("\"");
            first = false;
        }
        return new Str(out.toString());
    }
}
