package dev.weft.chat.jinja.value;

import dev.weft.chat.jinja.budget.PyError;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** Everything that is not plain data: functions, iterators, views, namespaces, loops. */
public non-sealed interface PyObject extends Value {
    /** Attribute or bound method; null if it has none of that name. */
    default @Nullable Value attribute(String name) {
        return null;
    }

    /** Iterator over its items; null if it is not iterable. */
    default @Nullable Iterator<Value> iterate() {
        return null;
    }

    /** Number of items; -1 if Python's len() refuses it. */
    default int size() {
        return -1;
    }

    default boolean callable() {
        return false;
    }

    default Value call(Args args) {
        throw PyError.type("'" + typeName() + "' object is not callable");
    }

    /** The text that printing it gives. */
    default String repr() {
        return "<" + typeName() + " object>";
    }
}
