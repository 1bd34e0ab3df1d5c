package dev.weft.format.lora.config;

import java.util.List;
import java.util.Optional;

/**
 * {@code rank_pattern} or {@code alpha_pattern}: values for the modules whose path a key matches.
 * As PEFT does it (get_pattern_key in its utils), a key is an expression that matches the end of
 * the path from a dot on, and the first one in the file's order counts.
 */
record PatternValues(List<Entry> entries) {
    /** A key of the file, its expression and its value. */
    record Entry(String key, PythonPattern pattern, double value) {}

    PatternValues {
        entries = List.copyOf(entries);
    }

    /** Reads a key; TensorRT-LLM's module names mean the same as Hugging Face's. */
    static PythonPattern compile(String key) {
        return PythonPattern.compile("(.*\\.)?(", TargetReader.huggingFaceName(key), ")$");
    }

    Optional<Entry> first(String path, PythonPattern.Budget budget) {
        return entries.stream().filter(e -> e.pattern().matchesStart(path, budget)).findFirst();
    }
}
