package dev.weft.inference.server.residency.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * Names a worker. The id is made once and kept in its data folder, so that its pins find it again.
 */
public record WorkerId(String value) {

    /** The id of the worker of that data folder. */
    public static WorkerId of(Path data) {
        Path file = data.resolve("worker-id");
        try {
            if (Files.exists(file)) {
                String kept = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
                if (kept.matches("w-[0-9a-f]{8}")) {
                    return new WorkerId(kept);
                }
            }
            String made = "w-" + UUID.randomUUID().toString().substring(0, 8);
            Files.createDirectories(data);
            Files.writeString(file, made + "\n");
            return new WorkerId(made);
        } catch (IOException e) {
            throw new UncheckedIOException("data folder " + data + ": " + e, e);
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
