package dev.weft.chat.jinja.builtin.method;

import dev.weft.chat.jinja.budget.Budget;
import dev.weft.chat.jinja.budget.PyError;
import dev.weft.chat.jinja.characters.Out;
import dev.weft.chat.jinja.format.FormatSpec;
import dev.weft.chat.jinja.value.Args;
import dev.weft.chat.jinja.value.DictValue;
import dev.weft.chat.jinja.value.Int;
import dev.weft.chat.jinja.value.PythonText;
import dev.weft.chat.jinja.value.Str;
import dev.weft.chat.jinja.value.Undefined;
import dev.weft.chat.jinja.value.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code str.format} and {@code str.format_map}, through the sandbox's attribute look-up. */
final class StringFormat {
    static final Map<String, StringMethod> METHODS =
            Map.of("format", StringFormat::format, "format_map", StringFormat::formatMap);

    private final Str self;
    private final Args args;
    private int automatic;

    private StringFormat(Str self, Args args) {
        this.self = self;
        this.args = args;
    }

    private static Value format(Str self, Args args) {
        return self.like(new StringFormat(self, args).expand(self.text(), 2));
    }

    private static Value formatMap(Str self, Args args) {
        if (!(args.bindPositional("format_map", 1, 1).get(0) instanceof DictValue dict)) {
            throw PyError.type("format_map() takes a mapping");
        }
        Map<String, Value> named = new LinkedHashMap<>();
        for (DictValue.Entry entry : dict.entries()) {
            Budget.steps(4);
            Budget.bytes(200);
            if (entry.key() instanceof Str key) {
                named.put(key.text(), entry.value());
            }
        }
        return format(self, new Args(List.of(), named));
    }

    private String expand(String format, int levels) {
        if (levels < 0) {
            throw PyError.value("Max string recursion exceeded");
        }
        Out out = new Out();
        int at = 0;
        while (at < format.length()) {
            char c = format.charAt(at);
            if ((c == '{' || c == '}') && format.startsWith(String.valueOf(c), at + 1)) {
                out.append(c);
                at += 2;
            } else if (c == '{') {
                int end = fieldEnd(format, at + 1);
                out.append(field(format.substring(at + 1, end), levels));
                at = end + 1;
            } else if (c == '}') {
                throw PyError.value("Single '}' encountered in format string");
            } else {
                out.append(c);
                at++;
            }
        }
        return out.toString();
    }

    private static int fieldEnd(String format, int from) {
        int depth = 1;
        boolean bracket = false;
        for (int i = from; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c == '[') {
                bracket = true;
            } else if (c == ']') {
                bracket = false;
            } else if (c == '{' && !bracket) {
                depth++;
            } else if (c == '}' && !bracket && --depth == 0) {
                return i;
            }
        }
        throw PyError.value("expected '}' before end of string");
    }

    private String field(String field, int levels) {
        Budget.scan(6L * field.length());
        int nameEnd = nameEnd(field);
        String name = field.substring(0, nameEnd);
        String rest = field.substring(nameEnd);
        char conversion = ' ';
        if (rest.startsWith("!")) {
            if (rest.length() < 2 || (rest.length() > 2 && rest.charAt(2) != ':')) {
                throw PyError.value("expected ':' after conversion specifier");
            }
            conversion = rest.charAt(1);
            rest = rest.substring(2);
        }
        Value value = convert(look(name), conversion);
        String spec = rest.isEmpty() ? "" : expand(rest.substring(1), levels - 1);
        if (value instanceof Undefined && !spec.isEmpty()) {
            throw PyError.type("unsupported format string passed to Undefined.__format__");
        }
        if (!self.markup()) {
            return FormatSpec.format(value, spec);
        }
        return value instanceof Str str && str.markup()
                ? str.text()
                : Str.escape(FormatSpec.format(value, spec));
    }

    private static int nameEnd(String field) {
        boolean bracket = false;
        for (int i = 0; i < field.length(); i++) {
            char c = field.charAt(i);
            bracket = c == '[' || (bracket && c != ']');
            if (!bracket && (c == '!' || c == ':')) {
                return i;
            }
        }
        return field.length();
    }

    private static Value convert(Value value, char conversion) {
        return switch (conversion) {
            case ' ' -> value;
            case 's' -> new Str(PythonText.str(value));
            case 'r' -> new Str(PythonText.repr(value));
            case 'a' -> new Str(PythonText.ascii(value));
            default -> throw PyError.value("Unknown conversion specifier '" + conversion + "'");
        };
    }

    private Value look(String name) {
        int end = 0;
        while (end < name.length() && name.charAt(end) != '.' && name.charAt(end) != '[') {
            end++;
        }
        Value value = first(name.substring(0, end));
        while (end < name.length()) {
            Budget.steps(2);
            boolean item = name.charAt(end) == '[';
            int from = end + 1;
            end = item ? name.indexOf(']', from) : from;
            while (!item && end < name.length() && ".[".indexOf(name.charAt(end)) < 0) {
                end++;
            }
            if (end <= from) {
                throw PyError.value("Empty attribute in format string");
            }
            String part = name.substring(from, end);
            value =
                    item
                            ? Attributes.item(value, isNumber(part) ? number(part) : new Str(part))
                            : Attributes.attribute(value, part);
            end += item ? 1 : 0;
        }
        return value;
    }

    private Value first(String name) {
        if (name.isEmpty() && automatic >= 0) {
            return positional(automatic++);
        }
        if (name.isEmpty() || (isNumber(name) && automatic > 0)) {
            throw PyError.value("cannot switch between manual and automatic field numbering");
        }
        if (isNumber(name)) {
            automatic = -1;
            return positional(Math.toIntExact(number(name).value().longValueExact()));
        }
        Value value = args.keywords().get(name);
        if (value == null) {
            throw PyError.lookup("'" + name + "'");
        }
        return value;
    }

    private Value positional(int index) {
        if (index >= args.positional().size()) {
            throw PyError.lookup("Replacement index " + index + " out of range");
        }
        return args.positional().get(index);
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty()
                && text.length() < 10
                && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static Int number(String text) {
        return Int.of(Long.parseLong(text));
    }
}
