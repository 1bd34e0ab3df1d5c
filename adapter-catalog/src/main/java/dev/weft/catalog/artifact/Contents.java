package dev.weft.catalog.artifact;

import java.nio.file.Path;
import java.util.List;

/**
 * The files to store; their names are also those in the artifact.
 *
 * @param files the canonical adapter
 * @param arrays the same adapter as TensorRT-LLM's arrays; may be empty
 */
public record Contents(List<Path> files, List<Path> arrays) {
    public Contents {
        files = List.copyOf(files);
        arrays = List.copyOf(arrays);
    }
}
