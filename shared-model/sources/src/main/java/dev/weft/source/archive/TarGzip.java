package dev.weft.source.archive;

import dev.weft.source.download.HeadBytes;
import dev.weft.source.download.Listing;
import dev.weft.source.fetch.FetchContext;
import dev.weft.source.fetch.FileSelection;
import dev.weft.source.fetch.SourceException;
import dev.weft.source.fetch.SourceFault;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * Unpacks the wanted files of a .tar.gz into a folder. Their names are paths below its root, or
 * below the one folder at its root that holds such files. Every entry is checked, wanted or not.
 * The whole archive is refused if it has links or devices, or names that leave the folder or differ
 * in case only. Entries, bytes and the ratio to the packed bytes are bounded, and each is checked
 * before it is spent.
 */
public final class TarGzip {
    private static final int MOST_ENTRIES = 10_000;
    private static final int CHUNK = 1 << 16;

    /** The longest path of an entry in characters: names of all entries are kept. */
    private static final int LONGEST_PATH = 4_096;

    /**
     * An archive may hold at most that many times the wanted bytes in all: optimizer states and
     * such.
     */
    private static final int SURROUNDINGS = 4;

    private final FetchContext context;
    private final Set<String> seen = new HashSet<>();
    private final List<Found> found = new ArrayList<>();

    /** Bytes of the wanted files so far. */
    private long taken;

    /**
     * A file that is in the target folder now, or is only listed.
     *
     * @param size -1 if it is only listed
     */
    record Unpacked(String name, long size) {}

    /**
     * A file of the archive, by its path below a root that may be chosen; {@code part} holds its
     * bytes, and is absent if the file is only listed.
     */
    private record Found(String root, String name, long size, Path part) {
        /** Whether the file shows that its root is the adapter's or the model's folder. */
        boolean isOfRoot() {
            return size >= 0 && name.indexOf('/') < 0;
        }
    }

    public TarGzip(FetchContext context) {
        this.context = context;
    }

    /**
     * Unpacks; nothing appears in the target if the archive is refused.
     *
     * @param begins runs before the first file appears in the target
     * @throws SourceException with the fault of the archive
     */
    public List<Unpacked> unpack(Path archive, FetchContext.LocalDo begins) throws SourceException {
        Path staging = context.target().resolve(".weft-unpack");
        try {
            context.localDo(() -> deleteTree(staging));
            context.localDo(() -> Files.createDirectory(staging));
            read(archive, staging);
            return publish(begins);
        } finally {
            context.localDo(() -> deleteTree(staging));
        }
    }

    private void read(Path archive, Path staging) throws SourceException {
        long packed = context.local(() -> Files.size(archive));
        try (InputStream file = Files.newInputStream(archive);
                Inflated plain = inflated(file, packed);
                TarArchiveInputStream tar = new TarArchiveInputStream(plain, "UTF-8")) {
            while (true) {
                plain.metadata();
                TarArchiveEntry entry = tar.getNextEntry();
                plain.data();
                if (entry == null) {
                    return;
                }
                take(entry, tar, staging);
            }
        } catch (Inflated.TooMuchException e) {
            throw refused(String.valueOf(e.getMessage()));
        } catch (IOException | RuntimeException e) {
            throw new SourceException(
                    SourceFault.CORRUPT, context.ref() + ": the archive can't be read: " + e, e);
        }
    }

    private Inflated inflated(InputStream file, long packed) throws IOException {
        long most = SURROUNDINGS * context.selection().maxArchiveBytes();
        return new Inflated(new GZIPInputStream(file, CHUNK), packed, most);
    }

    private void take(TarArchiveEntry entry, TarArchiveInputStream tar, Path staging)
            throws IOException, SourceException {
        String name = name(entry);
        if (entry.isDirectory()) {
            String folder = name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
            if (!folder.isEmpty() && !folder.equals(".") && Listing.leaves(folder)) {
                throw refused("entry '" + entry.getName() + "' leaves the folder");
            }
            return;
        }
        check(entry, name);
        FileSelection selection = context.selection();
        boolean heads = selection.isOfHeads();
        String as = heads ? name + FileSelection.HEAD : name;
        Optional<String> root = root(as, selection.wanted());
        if (root.isPresent()) {
            String below = safe(entry, as.substring(root.get().length()));
            Path part = staging.resolve(Integer.toString(found.size()));
            long size = heads ? copyHead(tar, name, part) : copy(tar, entry, part);
            found.add(new Found(root.get(), below, size, part));
        } else {
            Optional<String> listed = root(name, selection.listed());
            if (listed.isPresent()) {
                String below = safe(entry, name.substring(listed.get().length()));
                found.add(new Found(listed.get(), below, -1, staging));
            }
        }
        drain(tar);
    }

    private String name(TarArchiveEntry entry) throws SourceException {
        String name = entry.getName();
        if (name.length() > LONGEST_PATH) {
            throw refused(
                    "an entry's path has %d characters, allowed are %d: '%s…'"
                            .formatted(name.length(), LONGEST_PATH, name.substring(0, 80)));
        }
        int begin = 0;
        while (name.startsWith("./", begin)) {
            begin += 2;
        }
        return name.substring(begin);
    }

    /** The root below which the path is taken: the archive's or the folder that it begins with. */
    private static Optional<String> root(String name, Predicate<String> taken) {
        String folder = name.substring(0, name.indexOf('/') + 1);
        return Stream.of("", folder)
                .filter(root -> taken.test(name.substring(root.length())))
                .findFirst();
    }

    private String safe(TarArchiveEntry entry, String name) throws SourceException {
        if (!Listing.isSafe(name)) {
            throw refused("entry '" + entry.getName() + "' has a name that is no file's");
        }
        return name;
    }

    private void check(TarArchiveEntry entry, String name) throws SourceException {
        if (!isPlain(entry.getLinkFlag()) || entry.isSparse()) {
            throw refused(
                    "entry '"
                            + entry.getName()
                            + "' is not a plain file or folder (links, devices and holes are"
                            + " refused)");
        }
        if (Listing.leaves(name) || Listing.isReserved(name)) {
            throw refused("entry '" + entry.getName() + "' leaves the folder or is reserved");
        }
        if (!seen.add(name.toLowerCase(Locale.ROOT))) {
            throw refused("entry '" + entry.getName() + "' is there twice, case aside");
        }
        if (seen.size() > MOST_ENTRIES) {
            throw refused("more than " + MOST_ENTRIES + " files");
        }
    }

    /** True for a plain file; Entry.isFile() is true for devices, too. */
    private static boolean isPlain(byte kind) {
        return kind == TarConstants.LF_NORMAL
                || kind == TarConstants.LF_OLDNORM
                || kind == TarConstants.LF_CONTIG;
    }

    private long copy(InputStream tar, TarArchiveEntry entry, Path part)
            throws IOException, SourceException {
        bound(entry.getName(), entry.getSize());
        long size = 0;
        OutputStream out = context.local(() -> Files.newOutputStream(part));
        try {
            byte[] buffer = new byte[CHUNK];
            for (int n = tar.read(buffer); n >= 0; n = tar.read(buffer)) {
                int count = n;
                context.localDo(() -> out.write(buffer, 0, count));
                size += n;
                checkTime();
            }
        } finally {
            context.localDo(out::close);
        }
        return size;
    }

    /** Refuses a file that is too large, by itself or with those before it. */
    private void bound(String name, long size) throws SourceException {
        FileSelection selection = context.selection();
        long most = Math.min(selection.maxFileBytes(), selection.maxTotalBytes() - taken);
        if (size > most) {
            throw refused("entry '" + name + "' has " + size + " bytes, allowed are " + most);
        }
        taken += size;
    }

    private long copyHead(InputStream tar, String name, Path part)
            throws IOException, SourceException {
        byte[] head = HeadBytes.read(tar::readNBytes, name);
        bound(name, head.length);
        context.localDo(() -> Files.write(part, head));
        return head.length;
    }

    private void drain(InputStream tar) throws IOException, SourceException {
        byte[] buffer = new byte[CHUNK];
        while (tar.read(buffer) >= 0) {
            checkTime();
        }
    }

    private void checkTime() throws SourceException {
        if (Thread.currentThread().isInterrupted()) {
            throw new SourceException(SourceFault.INTERRUPTED, context.ref() + ": interrupted");
        }
        if (context.attempts().nanosLeft() <= 0) {
            throw new SourceException(
                    SourceFault.TIMEOUT, context.ref() + ": not unpacked within the time");
        }
    }

    /** Moves the files of the one folder that holds wanted ones into the target. */
    private List<Unpacked> publish(FetchContext.LocalDo begins) throws SourceException {
        Set<String> folders = new TreeSet<>();
        found.stream().filter(Found::isOfRoot).forEach(file -> folders.add(file.root));
        if (folders.isEmpty()) {
            throw new SourceException(
                    SourceFault.NOT_FOUND,
                    context.ref()
                            + ": the archive holds no file of the kind that is needed ("
                            + context.selection().name()
                            + ")");
        }
        String root = folders.contains("") ? "" : folders.iterator().next();
        if (!root.isEmpty() && folders.size() > 1) {
            throw refused("several folders hold such files: " + String.join(", ", folders));
        }
        context.localDo(begins);
        List<Unpacked> unpacked = new ArrayList<>();
        for (Found file : found) {
            if (file.root.equals(root)) {
                if (file.size >= 0) {
                    context.localDo(() -> move(file.part, context.target().resolve(file.name)));
                }
                unpacked.add(new Unpacked(file.name, file.size));
            }
        }
        return unpacked;
    }

    private static void move(Path part, Path to) throws IOException {
        Path folder = to.getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        Files.move(part, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private SourceException refused(String why) {
        return new SourceException(
                SourceFault.NOT_ALLOWED, context.ref() + ": the archive is refused: " + why);
    }

    private static void deleteTree(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            try (var files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        }
    }
}
