package dev.weft.catalog.fetch;

import dev.weft.catalog.artifact.FolderTree;
import dev.weft.format.lora.canonical.CanonicalAdapter;
import dev.weft.protocol.adapter.Reason;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Copies the files of a FILE source to a private folder before the check, so that the checked files
 * are the stored ones. A link that leads out of the allowed folders is refused, and so are files
 * that are too large, before any is copied.
 */
public final class PrivateCopy {
    private static final int CHUNK = 1 << 20;

    private final FileRoots roots;
    private final FileSelection limits;

    /**
     * @param limits of the files' sizes
     */
    public PrivateCopy(FileRoots roots, FileSelection limits) {
        this.roots = roots;
        this.limits = limits;
    }

    /**
     * Copies the files that a check reads, and removes those of an earlier copy that are gone.
     *
     * @return names of everything in the folder
     * @throws DiskException if the copy can't be written
     * @throws SourceException if a file is too large, or can't be read
     */
    public List<String> take(Path folder, Path target)
            throws DiskException, SourceException, RejectedException, InterruptedException {
        try {
            return copied(folder, target);
        } catch (DiskException e) {
            throw e;
        } catch (IOException e) {
            throw new SourceException(
                    SourceFault.UNREADABLE, folder + ": a file cannot be read: " + e, e);
        }
    }

    private List<String> copied(Path folder, Path target)
            throws IOException, SourceException, RejectedException, InterruptedException {
        Path from = folder.toRealPath();
        DiskException.whileDoing(() -> Files.createDirectories(target));
        Map<String, Path> files = files(from);
        for (String name : CanonicalAdapter.checked(target)) {
            if (!files.containsKey(name)) {
                DiskException.whileDoing(() -> Files.delete(target.resolve(name)));
            }
        }
        for (Map.Entry<String, Path> file : files.entrySet()) {
            copy(file.getValue(), target, file.getKey());
        }
        return FolderTree.children(from).stream()
                .map(file -> String.valueOf(file.getFileName()))
                .toList();
    }

    /** The files to copy by their names, with links resolved. */
    private Map<String, Path> files(Path from)
            throws IOException, SourceException, RejectedException {
        Map<String, Path> files = new LinkedHashMap<>();
        List<Reason> reasons = new ArrayList<>();
        long before = 0;
        for (String name : CanonicalAdapter.checked(from)) {
            Path real = from.resolve(name).toRealPath();
            if (!roots.contains(real) && !inHubCache(from, real)) {
                reasons.add(outside(name, real));
                continue;
            }
            long bytes = Files.size(real);
            Optional<String> excess = limits.excess(name, bytes, before);
            if (excess.isPresent()) {
                throw new SourceException(SourceFault.NOT_ALLOWED, from + ": " + excess.get());
            }
            before += bytes;
            files.put(name, real);
        }
        if (!reasons.isEmpty()) {
            throw new RejectedException(reasons);
        }
        return files;
    }

    /**
     * True if the paths are in the cache of huggingface_hub. It keeps {@code snapshots/COMMIT/FILE}
     * as links to {@code blobs/} of the same repository; naming such a snapshot allows these blobs
     * too.
     */
    private static boolean inHubCache(Path folder, Path real) {
        Path snapshots = folder.getParent();
        Path repository = snapshots == null ? null : snapshots.getParent();
        return snapshots != null
                && repository != null
                && snapshots.endsWith("snapshots")
                && real.startsWith(repository.resolve("blobs"));
    }

    private static void copy(Path real, Path target, String name)
            throws IOException, InterruptedException {
        Path part = target.resolve(name + ".part");
        try (InputStream in = Files.newInputStream(real)) {
            DiskException.whileDoing(() -> Files.createDirectories(part.getParent()));
            OutputStream out = DiskException.in(() -> Files.newOutputStream(part));
            try {
                pour(in, out, name);
            } finally {
                DiskException.whileDoing(out::close); // a disk may say only now that it is full
            }
        }
        DiskException.whileDoing(() ->
                Files.move(
                        part,
                        target.resolve(name),
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING));
    }

    /** Copies bytes. A failed read is the owner's fault, a failed write is this catalog's. */
    private static void pour(InputStream in, OutputStream out, String name)
            throws IOException, InterruptedException {
        byte[] buffer = new byte[CHUNK];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            if (Thread.interrupted()) {
                throw new InterruptedException("stopped while copying " + name);
            }
            int count = n;
            DiskException.whileDoing(() -> out.write(buffer, 0, count));
        }
    }

    private Reason outside(String name, Path real) {
        return new Reason(
                "LINK_OUTSIDE",
                name,
                null,
                real.toString(),
                roots.allowed(),
                name
                        + " is a link that leads to "
                        + real
                        + ", outside of what is allowed: "
                        + roots.allowed());
    }
}
