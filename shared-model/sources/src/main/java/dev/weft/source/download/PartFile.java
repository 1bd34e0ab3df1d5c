package dev.weft.source.download;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The bytes of a file that have arrived, in {@code NAME.ETAG.part} beside it. Only a part whose
 * ETag is known can be continued.
 *
 * @param tag the ETag as far as a file name can hold it, empty if it is not known
 */
public record PartFile(Path file, Path part, String tag) {
    private static final int LONGEST_TAG = 64;

    public static PartFile of(Path folder, String name, String etag) {
        Path file = folder.resolve(name);
        String tag = tag(etag);
        String suffix = tag.isEmpty() ? ".part" : "." + tag + ".part";
        return new PartFile(file, file.resolveSibling(file.getFileName() + suffix), tag);
    }

    /** The part that an earlier attempt left, or one without bytes. */
    static PartFile find(Path folder, String name) throws IOException {
        PartFile none = of(folder, name, "");
        Path parent = none.part.getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            return none;
        }
        String plain = String.valueOf(none.file.getFileName());
        Pattern pattern = Pattern.compile(Pattern.quote(plain) + "\\.([0-9A-Za-z_-]+)\\.part");
        try (Stream<Path> files = Files.list(parent)) {
            return files.map(p -> pattern.matcher(String.valueOf(p.getFileName())))
                    .filter(Matcher::matches)
                    .map(m -> of(folder, name, m.group(1)))
                    .findFirst()
                    .orElse(none);
        }
    }

    /** The length of the part; zero if there is nothing that can be continued. */
    long length() throws IOException {
        return !tag.isEmpty() && Files.exists(part) ? Files.size(part) : 0;
    }

    public boolean isOf(String etag) {
        return !tag.isEmpty() && tag.equals(tag(etag));
    }

    /** The ETag as in a header. If a file name can't hold the ETag, the server starts anew. */
    public String quotedTag() {
        return "\"" + tag + "\"";
    }

    /** Opens the part for more bytes, from its start or from its end on. */
    FileChannel open(boolean fromStart) throws IOException {
        Path parent = part.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        OpenOption mode =
                fromStart ? StandardOpenOption.TRUNCATE_EXISTING : StandardOpenOption.APPEND;
        return FileChannel.open(
                part, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, mode));
    }

    void delete() throws IOException {
        Files.deleteIfExists(part);
    }

    /** Turns the part into the file, at once. */
    void complete() throws IOException {
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static String tag(String etag) {
        String safe = etag.replaceAll("[^0-9A-Za-z_-]", "_");
        return safe.length() > LONGEST_TAG ? safe.substring(0, LONGEST_TAG) : safe;
    }
}
