package dev.weft.grammar.reply.format;

import tools.jackson.databind.JsonNode;

/**
 * What a reply may call.
 *
 * @param parameters a JSON Schema of its arguments, which are an object in any case
 * @param strict whether arguments come in the schema's order
 */
public record Tool(String name, JsonNode parameters, boolean strict) {
    public Tool {
        if (!CallSyntax.isName(name)) {
            throw new IllegalArgumentException(
                    "a tool's name is letters, digits and _.:/- (128 at most), not " + name);
        }
    }
}
