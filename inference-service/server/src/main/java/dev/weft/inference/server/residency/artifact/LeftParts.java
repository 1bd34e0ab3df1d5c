package dev.weft.inference.server.residency.artifact;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the folders of downloads that were never finished, since their worker was killed. */
final class LeftParts {
    /** A part of a folder's name until the folder is complete. */
    static final String PART = ".part-";

    private static final Logger LOG = LoggerFactory.getLogger(LeftParts.class);

    /**
     * A folder that has not changed for so long counts as left over. Nothing keeps a second worker
     * from the same data folder; its downloads write each file within 10 minutes.
     */
    private static final Duration STILL = Duration.ofHours(1);

    private LeftParts() {}

    /**
     * The leftover folders beside one that was made just now, which tells the time as the disk has
     * it.
     */
    static List<Path> beside(Path begun) {
        List<Path> left = new ArrayList<>();
        try (DirectoryStream<Path> parts =
                Files.newDirectoryStream(begun.resolveSibling(""), "*" + PART + "*")) {
            Instant latest = changed(begun).minus(STILL);
            for (Path part : parts) {
                if (isLeft(part, latest)) {
                    left.add(part);
                }
            }
        } catch (IOException | UncheckedIOException | DirectoryIteratorException e) {
            LOG.warn("what is left of downloads beside {} stays: {}", begun, e.toString());
        }
        return left;
    }

    private static boolean isLeft(Path part, Instant latest) throws IOException {
        try {
            return lastChange(part).isBefore(latest);
        } catch (NoSuchFileException e) {
            return false; // it was finished, or deleted, meanwhile
        }
    }

    /** The time of the last change of a folder or of one of its files. */
    private static Instant lastChange(Path part) throws IOException {
        Instant last = changed(part);
        try (Stream<Path> files = Files.list(part)) {
            for (Path file : files.toList()) {
                Instant change = changed(file);
                last = change.isAfter(last) ? change : last;
            }
        }
        return last;
    }

    private static Instant changed(Path path) throws IOException {
        return Files.getLastModifiedTime(path).toInstant();
    }
}
