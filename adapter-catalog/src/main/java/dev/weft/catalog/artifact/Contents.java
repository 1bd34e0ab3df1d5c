package dev.weft.catalog.artifact;

import java.nio.file.Path;
import java.util.List;

/**
 * What is to be stored; the files' own names are those in the artifact.
 *
 * @param files the canonical adapter
 * @param arrays the same as TensorRT-LLM's arrays; may be empty
 */
public record Contents(List<Path> files, List<Path> arrays) {
    public Contents {
        files = List.copyOf(files);
        arrays = List.copyOf(arrays);
    }
}
