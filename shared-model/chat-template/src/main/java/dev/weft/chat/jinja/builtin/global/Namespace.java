package dev.weft.chat.jinja.builtin.global;

import dev.weft.chat.jinja.budget.Budget;
import dev.weft.chat.jinja.value.Args;
import dev.weft.chat.jinja.value.DictValue;
import dev.weft.chat.jinja.value.PyObject;
import dev.weft.chat.jinja.value.PythonText;
import dev.weft.chat.jinja.value.Str;
import dev.weft.chat.jinja.value.Value;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** jinja2's namespace: the only object whose attributes a template may set. */
public final class Namespace implements PyObject {
    private static final int ATTRIBUTE_BYTES = 100;

    private final Map<String, Value> attributes = new LinkedHashMap<>();

    Namespace(Args args) {
        DictValue initial = Globals.dict(args);
        for (DictValue.Entry entry : initial.entries()) {
            if (entry.key() instanceof Str name) {
                attributes.put(name.text(), entry.value());
            }
        }
    }

    public void set(String name, Value value) {
        if (attributes.put(name, value) == null) {
            Budget.bytes(ATTRIBUTE_BYTES);
        }
    }

    @Override
    public @Nullable Value attribute(String name) {
        return name.startsWith("_") ? null : attributes.get(name);
    }

    @Override
    public String typeName() {
        return "Namespace";
    }

    @Override
    public String repr() {
        Budget.enter();
        try {
            return "<Namespace " + PythonText.repr(attributes()) + ">";
        } finally {
            Budget.leave();
        }
    }

    private DictValue attributes() {
        DictValue.Builder dict = DictValue.builder();
        attributes.forEach(dict::put);
        return dict.build();
    }
}
