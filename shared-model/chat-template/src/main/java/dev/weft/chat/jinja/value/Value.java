package dev.weft.chat.jinja.value;

/** A Python value. */
public sealed interface Value
        permits Bool,
                DictValue,
                Int,
                ListValue,
                None,
                PyObject,
                RangeValue,
                Real,
                Str,
                TupleValue,
                Undefined {

    /** Name of its Python type, e.g. {@code str}. */
    String typeName();
}
