package dev.weft.chat.jinja.rendering;

import dev.weft.chat.jinja.value.PyObject;

/** {@code self}: it exists, but has no blocks, since templates have none. */
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
