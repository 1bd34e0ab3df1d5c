package dev.weft.catalog.ingest;

import java.util.Set;

/** The files that an artifact is made of, where the adapter brings them. */
final class CanonicalFiles {
    private static final Set<String> NAMES =
            Set.of(
                    "adapter_config.json",
                    "adapter_model.safetensors",
                    "chat_template.jinja",
                    "tokenizer_config.json",
                    "special_tokens_map.json");

    private CanonicalFiles() {}

    static boolean contains(String name) {
        return NAMES.contains(name);
    }
}
