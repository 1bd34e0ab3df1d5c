package dev.weft.chat.jinja.builtin.method;

import dev.weft.chat.jinja.budget.Budget;
import dev.weft.chat.jinja.value.Int;
import dev.weft.chat.jinja.value.None;
import dev.weft.chat.jinja.value.Str;
import dev.weft.chat.jinja.value.Undefined;
import dev.weft.chat.jinja.value.Value;
import java.util.ArrayList;
import java.util.List;

/** The value of a filter's {@code attribute}: names and positions joined by dots. */
public record AttributePath(List<Value> parts) {
    public static final AttributePath SELF = new AttributePath(List.of());

    public static AttributePath of(Value attribute) {
        if (attribute == None.NONE) {
            return SELF;
        }
        if (!(attribute instanceof Str path)) {
            return new AttributePath(List.of(attribute));
        }
        List<Value> parts = new ArrayList<>();
        Budget.scan(2L * path.text().length());
        for (String part : path.text().split("\\.", -1)) {
            boolean number = !part.isEmpty() && part.chars().allMatch(c -> c >= '0' && c <= '9');
            parts.add(number ? new Int(NumberParsing.decimal(part)) : new Str(part));
        }
        return new AttributePath(parts);
    }

    public Value get(Value item) {
        Value value = item;
        for (Value part : parts) {
            Budget.steps(1);
            value = Attributes.item(value, part);
        }
        return value;
    }

    /** Replaces an undefined value on the way by {@code otherwise}, unless that is None. */
    public Value get(Value item, Value otherwise) {
        Value value = item;
        for (Value part : parts) {
            Budget.steps(1);
            value = Attributes.item(value, part);
            if (value instanceof Undefined && otherwise != None.NONE) {
                value = otherwise;
            }
        }
        return value;
    }
}
