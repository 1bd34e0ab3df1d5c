package dev.weft.format.lora.file;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Gives files and folders their names once they are whole. */
public final class Rename {
    private Rename() {}

    /**
     * Renames at once: nobody sees a part.
     *
     * @throws IOException if the folder can't do that, or the disk fails
     */
    public static void atOnce(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            throw new IOException("the folder of " + to + " cannot rename at once", e);
        }
    }
}
