package dev.weft.source.folder;

import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.source.fetch.Fetched;
import dev.weft.source.fetch.FileSelection;
import dev.weft.source.fetch.SourceException;
import dev.weft.source.fetch.SourceFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A folder of this machine, used in place if its files are not too large. */
public final class LocalFolder {
    private LocalFolder() {}

    public static Fetched fetch(RepositoryRef ref, FileSelection wanted) throws SourceException {
        Path folder = Path.of(ref.repo());
        if (!folder.isAbsolute()) {
            throw new SourceException(
                    SourceFault.NOT_ALLOWED, ref + ": an absolute folder is allowed");
        }
        if (!Files.isDirectory(folder)) {
            String what = Files.exists(folder) ? "is not a folder" : "does not exist";
            throw new SourceException(SourceFault.NOT_FOUND, ref + ": " + folder + " " + what);
        }
        try (Stream<Path> files = Files.list(folder)) {
            List<String> names =
                    files.map(LocalFolder::name)
                            .filter(wanted.wanted().or(wanted.listed()))
                            .sorted()
                            .toList();
            checkSizes(ref, folder, names.stream().filter(wanted.wanted()).toList(), wanted);
            return new Fetched(folder, "", names);
        } catch (IOException e) {
            throw new SourceException(
                    SourceFault.UNREADABLE, ref + ": " + folder + " cannot be read: " + e, e);
        }
    }

    private static void checkSizes(
            RepositoryRef ref, Path folder, List<String> names, FileSelection wanted)
            throws SourceException, IOException {
        long before = 0;
        for (String name : names) {
            Path file = folder.resolve(name);
            long bytes = Files.isRegularFile(file) ? Files.size(file) : 0;
            Optional<String> excess = wanted.excess(name, bytes, before);
            if (excess.isPresent()) {
                throw new SourceException(SourceFault.NOT_ALLOWED, ref + ": " + excess.get());
            }
            before += bytes;
        }
    }

    /** A folder within gets a slash, as in the names of its files. */
    private static String name(Path file) {
        return file.getFileName() + (Files.isDirectory(file) ? "/" : "");
    }
}
