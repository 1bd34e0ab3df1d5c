package dev.weft.source.download;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The content of a repository.
 *
 * @param commit names this content: a commit, or {@code sha256:} and a hash over the known facts of
 *     the files
 */
public record Listing(String commit, List<Listed> files) {
    /**
     * A file.
     *
     * @param size -1 if it is not known
     * @param etag empty if it is not known
     */
    public record Listed(String name, long size, String etag) {
        /** Whether a size, -1 if it is not known, says that this is another file now. */
        public boolean isOfOtherSize(long otherSize) {
            return size >= 0 && otherSize >= 0 && size != otherSize;
        }
    }

    public Listing {
        files = List.copyOf(files);
    }

    List<String> names() {
        return files.stream().map(Listed::name).toList();
    }

    /** A file by its name. */
    public Optional<Listed> file(String name) {
        return files.stream().filter(f -> f.name.equals(name)).findFirst();
    }

    /** The size of a file; -1 if it is not known. */
    long size(String name) {
        return file(name).map(Listed::size).orElse(-1L);
    }

    /** A file name that stays within the folder it is resolved against, on any system. */
    public static boolean isSafe(String name) {
        if (name.isEmpty() || name.length() > 1000 || name.chars().anyMatch(Listing::isUnsafe)) {
            return false;
        }
        for (String segment : name.split("/", -1)) {
            if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
                return false;
            }
        }
        String lower = name.toLowerCase(Locale.ROOT);
        return !lower.endsWith(".part") && !lower.equals(FetchState.FILE);
    }

    private static boolean isUnsafe(int c) {
        return c < ' ' || c == 127 || c == '\\' || c == ':';
    }
}
