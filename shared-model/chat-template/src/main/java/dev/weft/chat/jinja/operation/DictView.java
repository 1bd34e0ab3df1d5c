package dev.weft.chat.jinja.operation;

import dev.weft.chat.jinja.budget.Budget;
import dev.weft.chat.jinja.value.DictValue;
import dev.weft.chat.jinja.value.ListValue;
import dev.weft.chat.jinja.value.PyObject;
import dev.weft.chat.jinja.value.PythonText;
import dev.weft.chat.jinja.value.TupleValue;
import dev.weft.chat.jinja.value.Value;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** The result of a dict's keys(), values() or items(). */
public record DictView(Kind kind, DictValue dict) implements PyObject {
    /** The method that made the view. */
    public enum Kind {
        KEYS,
        VALUES,
        ITEMS
    }

    public List<Value> values() {
        Budget.steps(dict.size());
        List<Value> values = new ArrayList<>(dict.size());
        for (DictValue.Entry entry : dict.entries()) {
            values.add(
                    switch (kind) {
                        case KEYS -> entry.key();
                        case VALUES -> entry.value();
                        case ITEMS -> TupleValue.of(entry.key(), entry.value());
                    });
        }
        return values;
    }

    /** Keys and items compare as sets do; values are never equal to others. */
    boolean sameAs(DictView other) {
        if (kind == Kind.VALUES || kind != other.kind || dict.size() != other.dict.size()) {
            return ComparisonOperators.same(this, other);
        }
        return kind == Kind.ITEMS
                ? ComparisonOperators.equal(dict, other.dict)
                : dict.keys().stream().allMatch(key -> other.dict.get(key) != null);
    }

    @Override
    public Iterator<Value> iterate() {
        return values().iterator();
    }

    @Override
    public int size() {
        return dict.size();
    }

    @Override
    public String typeName() {
        return switch (kind) {
            case KEYS -> "dict_keys";
            case VALUES -> "dict_values";
            case ITEMS -> "dict_items";
        };
    }

    @Override
    public String repr() {
        return typeName() + "(" + PythonText.repr(new ListValue(values())) + ")";
    }
}
