package dev.weft.catalog.ingest;

import dev.weft.format.npy.NpyType;
import dev.weft.protocol.repository.RepositoryRef;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How adapters are taken in.
 *
 * @param checkpoint the base they must fit
 * @param maxLoraRank largest rank that is taken in
 * @param arrays type of the values in TensorRT-LLM's arrays
 * @param data files under way lie in its {@code ingest} and {@code base} folders
 * @param timeout longest time one ingest may take
 * @param fileRoots where FILE sources may lie
 * @param declaredFolders folders that are allowed beside them
 */
public record IngestSettings(
        RepositoryRef checkpoint,
        int maxLoraRank,
        NpyType arrays,
        Path data,
        Duration timeout,
        List<Path> fileRoots,
        List<Path> declaredFolders) {
    public IngestSettings {
        fileRoots = List.copyOf(fileRoots);
        declaredFolders = List.copyOf(declaredFolders);
    }
}
