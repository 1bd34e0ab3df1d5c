package dev.weft.format.checkpoint;

import dev.weft.format.safetensors.SafetensorsHead;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The names, types and shapes of a checkpoint's weights, from the heads of its files. */
final class WeightHeads {
    /** Shards of the largest checkpoints are some hundreds. */
    private static final int MOST_FILES = 2_000;

    private WeightHeads() {}

    static Map<String, SafetensorsHead.Weight> read(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(WeightHeads::isHead).sorted().limit(MOST_FILES + 1L).toList();
        }
        if (files.isEmpty() || files.size() > MOST_FILES) {
            throw new CheckpointException(
                    "the checkpoint has %s safetensors files; allowed are 1 to %d"
                            .formatted(files.isEmpty() ? "no" : "over " + MOST_FILES, MOST_FILES));
        }
        Map<String, SafetensorsHead.Weight> weights = new HashMap<>();
        for (Path file : files) {
            weights.putAll(SafetensorsHead.read(file));
        }
        return weights;
    }

    private static boolean isHead(Path file) {
        String name = String.valueOf(file.getFileName());
        boolean secondCopy = name.startsWith("consolidated");
        return !secondCopy && (name.endsWith(".safetensors") || name.endsWith(".safetensors.head"));
    }
}
