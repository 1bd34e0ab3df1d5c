package dev.weft.catalog.fetch;

import dev.weft.catalog.artifact.FolderTree;
import dev.weft.format.lora.canonical.CanonicalAdapter;
import dev.weft.protocol.adapter.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Copies the files of a FILE source to a private folder before the check, so that the checked files
 * are the stored ones. A link that leads out of the allowed folders is refused.
 */
public final class PrivateCopy {
    private final FileRoots roots;

    public PrivateCopy(FileRoots roots) {
        this.roots = roots;
    }

    /**
     * Copies the files that a check reads.
     *
     * @return names of everything in the folder
     */
    public List<String> take(Path folder, Path target)
            throws IOException, RejectedException, InterruptedException {
        Path from = folder.toRealPath();
        List<Reason> reasons = new ArrayList<>();
        Files.createDirectories(target);
        for (String name : CanonicalAdapter.checked(from)) {
            Path real = from.resolve(name).toRealPath();
            if (!roots.contains(real) && !inHubCache(from, real)) {
                reasons.add(outside(name, real));
            } else {
                copy(real, target, name);
            }
        }
        if (!reasons.isEmpty()) {
            throw new RejectedException(reasons);
        }
        return FolderTree.children(from).stream()
                .map(file -> String.valueOf(file.getFileName()))
                .toList();
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
        if (Thread.interrupted()) {
            throw new InterruptedException("stopped while copying " + name);
        }
        Path part = target.resolve(name + ".part");
        Files.createDirectories(part.getParent());
        Files.copy(real, part, StandardCopyOption.REPLACE_EXISTING);
        Files.move(
                part,
                target.resolve(name),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
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
