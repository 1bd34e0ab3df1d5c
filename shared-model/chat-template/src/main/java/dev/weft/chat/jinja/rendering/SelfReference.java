package dev.weft.chat.jinja.rendering;

import dev.weft.chat.jinja.value.PyObject;

/** {@code self}: there, but without the blocks it would give, since there are none. */
public final class SelfReference implements PyObject {
    @Override
    public String typeName() {
        return "TemplateReference";
    }

    @Override
    public String repr() {
        return "<TemplateReference None>";
    }
}
