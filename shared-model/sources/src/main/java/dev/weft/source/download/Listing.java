package dev.weft.source.download;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The content of a repository.
 *
 * @param commit names this content: a commit, or {@code sha256:} and a hash over the known facts of
 *     the files
 */
public record Listing(String commit, List<Listed> files) {
    /** A drive of Windows, before a path. */
    private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:");

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

    /**
     * True for a name under which a file may be written. It stays within the folder it is resolved
     * against, on any system, and is none that is reserved.
     */
    public static boolean isSafe(String name) {
        if (leaves(name) || name.length() > 1000 || name.chars().anyMatch(Listing::isUnsafe)) {
            return false;
        }
        return !isReserved(name);
    }

    /**
     * True for a name that leads out of its folder on some system. A source that gives any file
     * such a name is refused as a whole; a name that is only odd does no harm if nobody wants the
     * file.
     */
    public static boolean leaves(String name) {
        if (name.indexOf('\\') >= 0 || DRIVE.matcher(name).lookingAt()) {
            return true;
        }
        for (String segment : name.split("/", -1)) {
            if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
                return true;
            }
        }
        return false;
    }

    /** True for a name that fetches use for parts and for their record. */
    public static boolean isReserved(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".part") || lower.equals(FetchState.FILE);
    }

    private static boolean isUnsafe(int c) {
        return c < ' ' || c == 127 || c == ':';
    }
}
