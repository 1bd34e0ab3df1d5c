package dev.weft.protocol.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes small files so that readers find them whole, also if the process is killed. */
public final class WholeFile {
    /** Ending of a file's name while it is written. */
    public static final String PART = ".part";

    private WholeFile() {}

    /**
     * Writes a file beside its name, and renames it at once; one that is there is replaced. It is
     * not forced to the disk: a machine that loses its power may lose the file.
     */
    public static void write(Path file, byte[] content) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + PART);
        Files.write(part, content);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
