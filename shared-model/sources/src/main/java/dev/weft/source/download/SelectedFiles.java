package dev.weft.source.download;

import dev.weft.source.fetch.FileSelection;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** The files of a target folder that a selection wants. */
public final class SelectedFiles {
    /** Selections take files of the root and of some of its folders. */
    private static final int DEPTH = 2;

    private SelectedFiles() {}

    /**
     * Removes every file under a wanted name but those to keep. An earlier content may have left
     * it, and a fetch whose process ended before it could note the file.
     */
    public static void keepOnly(Path folder, FileSelection selection, Collection<String> names)
            throws IOException {
        for (Path file : files(folder)) {
            String name = folder.relativize(file).toString().replace(File.separatorChar, '/');
            if (selection.wanted().test(name) && !names.contains(name)) {
                Files.delete(file);
            }
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder, DEPTH)) {
            return files.filter(file -> !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS))
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
