package dev.weft.inference.server.residency.artifact;

import dev.weft.format.lora.canonical.CanonicalAdapter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Shows whether a folder has changed: the size, write time and file-system number of each of the
 * adapter's files. It does not see a bit that flips on the disk, nor a file that was changed and
 * given its old time back.
 */
record FolderStamp(List<File> files) {
    FolderStamp {
        files = List.copyOf(files);
    }

    record File(String name, long size, FileTime written, @Nullable Object key) {}

    /** Bytes of all files. */
    long bytes() {
        return files.stream().mapToLong(File::size).sum();
    }

    static FolderStamp of(Path folder) throws IOException {
        List<File> files = new ArrayList<>();
        for (String name : CanonicalAdapter.files(folder)) {
            BasicFileAttributes found =
                    Files.readAttributes(folder.resolve(name), BasicFileAttributes.class);
            files.add(new File(name, found.size(), found.lastModifiedTime(), found.fileKey()));
        }
        return new FolderStamp(files);
    }
}
