package dev.weft.system.fleet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A fleet, and the folder that goes with it when it is closed. */
public record FleetInFolder(RunningFleet fleet, Path folder) implements AutoCloseable {
    @Override
    public void close() throws IOException {
        fleet.close();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
