package dev.weft.format.lora.name;

import java.util.Arrays;

/** A matrix {@code [tokens][hidden]} at one end of a decoder. */
public enum Edge implements TensorPlace {
    EMBEDDING("model.embed_tokens"),
    /** A base with tied weights has it by this name too; an adapter changes the one side only. */
    HEAD("lm_head");

    private final String text;

    Edge(String text) {
        this.text = text;
    }

    @Override
    public String text() {
        return text;
    }

    static Edge of(String text) {
        return Arrays.stream(values())
                .filter(edge -> edge.text.equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(text));
    }
}
