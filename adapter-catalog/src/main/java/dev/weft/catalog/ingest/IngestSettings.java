package dev.weft.catalog.ingest;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The settings of ingest.
 *
 * @param arrays types of the values in TensorRT-LLM's arrays
 * @param data unfinished files lie in its {@code ingest} and {@code base} folders
 * @param timeout longest time one ingest may take
 * @param folder of the deployment file, from which relative FILE sources start
 * @param fileRoots folders that FILE sources may lie in
 * @param declaredFolders folders that are allowed too
 */
record IngestSettings(
        ArrayTypes arrays,
        Path data,
        Duration timeout,
        Path folder,
        List<Path> fileRoots,
        List<Path> declaredFolders) {
    IngestSettings {
        fileRoots = List.copyOf(fileRoots);
        declaredFolders = List.copyOf(declaredFolders);
    }
}
