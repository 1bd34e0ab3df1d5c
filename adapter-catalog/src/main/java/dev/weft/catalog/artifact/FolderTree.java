package dev.weft.catalog.artifact;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Works on whole folders. Links are never followed. */
public final class FolderTree {
    private FolderTree() {}

    /** The direct entries of a folder. */
    public static List<Path> children(Path folder) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.sorted().toList();
        }
    }

    /** Bytes of the files in a folder, at any depth; 0 if it doesn't exist. */
    public static long bytes(Path folder) throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return Files.isRegularFile(folder, LinkOption.NOFOLLOW_LINKS) ? Files.size(folder) : 0;
        }
        long bytes = 0;
        for (Path child : children(folder)) {
            bytes += bytes(child);
        }
        return bytes;
    }

    /** Removes a folder and its content; nothing happens if it doesn't exist. */
    public static void delete(Path path) throws IOException {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            for (Path child : children(path)) {
                delete(child);
            }
        }
        Files.deleteIfExists(path);
    }
}
