package dev.weft.service;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The folder in which a service keeps its state. */
public record DataFolder(Path folder) {
    /**
     * The folder; it is made if it is missing.
     *
     * @throws UncheckedIOException if it can't be made
     */
    public Path path() {
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("data folder " + folder + ": " + e, e);
        }
    }
}
