package dev.weft.catalog.fetch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folders that FILE sources may lie in: below a root, or below a folder that the deployment
 * file names, but not in Weft's own data, where the adapters of all tenants are. Links are resolved
 * before paths are compared, so a link can't lead out.
 */
public final class FileRoots {
    private final Path folder;
    private final List<Path> roots;
    private final List<Path> all;
    private final List<Path> own;

    /**
     * @param folder absolute folder of the deployment file, from which relative paths start
     * @param own folders that no source may lie in, even below an allowed folder
     */
    public FileRoots(Path folder, List<Path> roots, List<Path> declared, List<Path> own) {
        this.folder = folder;
        this.own = own.stream().map(path -> real(path.toAbsolutePath())).toList();
        this.roots = roots.stream().map(Path::toAbsolutePath).toList();
        this.all =
                Stream.concat(roots.stream(), declared.stream())
                        .map(root -> real(root.toAbsolutePath()))
                        .distinct()
                        .toList();
    }

    /**
     * The folder that {@code repo} means, with links resolved; it need not exist.
     *
     * @throws FileNotAllowedException if it lies outside; names the allowed folders
     */
    public Path locate(String repo) {
        Path path = real(absolute(repo));
        if (!contains(path)) {
            throw new FileNotAllowedException(
                    "folder '"
                            + repo
                            + "' lies outside of the folders that FILE sources may lie in; allowed:"
                            + " "
                            + allowed(),
                    allowed());
        }
        return path;
    }

    /** True if a path, with links resolved, lies below an allowed folder. */
    boolean contains(Path real) {
        return all.stream().anyMatch(real::startsWith) && own.stream().noneMatch(real::startsWith);
    }

    /** The allowed folders, for people. */
    String allowed() {
        return all.isEmpty()
                ? "none (weft.catalog.file-roots is empty)"
                : "folders below "
                        + all.stream().map(Path::toString).collect(Collectors.joining(", "))
                        + (own.isEmpty() ? "" : ", but not the data of Weft itself");
    }

    /**
     * The absolute path that {@code repo} means. A relative one starts at the deployment file's
     * folder. If nothing allowed is there, it starts at the first of {@code file-roots}, if
     * something is there.
     *
     * @throws FileNotAllowedException if it is no path
     */
    public Path absolute(String repo) {
        try {
            Path meant = folder.resolve(repo);
            if (roots.isEmpty() || (Files.exists(meant) && contains(real(meant)))) {
                return meant;
            }
            Path below = roots.getFirst().resolve(repo);
            return Files.exists(below) ? below : meant;
        } catch (InvalidPathException e) {
            throw new FileNotAllowedException(
                    "'" + repo + "' is not a path of this machine; allowed: " + allowed(),
                    allowed());
        }
    }

    /** Resolves links as far as the path exists; a missing part can't be a link. */
    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            @Nullable Path parent = path.getParent();
            @Nullable Path name = path.getFileName();
            if (parent == null || name == null || Files.exists(path)) {
                return path.normalize();
            }
            return real(parent).resolve(name).normalize();
        }
    }
}
