package dev.weft.catalog.artifact;

import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.source.download.ContentHash;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Artifacts in {@code ROOT/<digest>/}: {@code artifact.json} with sizes and hashes, {@code files/}
 * with the files. A folder is written elsewhere and renamed, so it is complete or absent.
 */
public final class FolderArtifacts implements ArtifactStore {
    private static final Logger LOG = LoggerFactory.getLogger(FolderArtifacts.class);
    private static final String STAGING = ".staging-";
    private static final String REMOVED = ".removed-";

    private final Path root;
    private final Clock clock;

    /** Creates the folder; removes what a stopped process left unfinished. */
    public FolderArtifacts(Path root, Clock clock) throws IOException {
        this.root = Files.createDirectories(root);
        this.clock = clock;
        for (Path left : FolderTree.children(root)) {
            String name = left.getFileName().toString();
            if (name.startsWith(STAGING)) {
                FolderTree.delete(left);
            } else if (name.startsWith(REMOVED)) {
                // its manifest is deleted first
                if (Files.exists(left.resolve(Manifest.FILE))) {
                    bringBack(left, root.resolve(name.substring(REMOVED.length())));
                } else {
                    FolderTree.delete(left);
                }
            }
        }
    }

    @Override
    public Artifact put(AdapterDigest digest, Contents contents) throws IOException {
        Optional<Artifact> stored = find(digest);
        if (stored.isPresent() && serves(stored.get(), contents) && touch(digest)) {
            return stored.get();
        }
        Path staging = Files.createTempDirectory(root, STAGING);
        try {
            Artifact artifact = write(digest, contents, staging);
            publish(staging, digest, contents);
            return artifact;
        } finally {
            FolderTree.delete(staging);
        }
    }

    @Override
    public Optional<Artifact> find(AdapterDigest digest) throws IOException {
        byte[] json;
        try {
            json = Files.readAllBytes(home(digest).resolve(Manifest.FILE));
        } catch (NoSuchFileException _) {
            return Optional.empty(); // a sweep may remove it at any moment
        }
        try {
            return Optional.of(Manifest.read(digest, json).artifact());
        } catch (IOException e) {
            LOG.warn("artifact {}: {}", digest, e.getMessage());
            return Optional.of(new Artifact(digest, List.of(), List.of()));
        }
    }

    @Override
    public Optional<Path> file(AdapterDigest digest, String name) throws IOException {
        return find(digest)
                .flatMap(artifact -> artifact.file(name))
                .map(file -> path(digest, file));
    }

    @Override
    public List<Kept> list() throws IOException {
        List<Kept> all = new ArrayList<>();
        for (Path home : FolderTree.children(root)) {
            if (home.getFileName().toString().matches("[0-9a-f]{64}")) {
                kept(home).ifPresent(all::add);
            }
        }
        return all;
    }

    private static Optional<Kept> kept(Path home) throws IOException {
        try {
            return Optional.of(
                    new Kept(
                            new AdapterDigest(home.getFileName().toString()),
                            Files.getLastModifiedTime(home.resolve(Manifest.FILE)).toInstant()));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }

    @Override
    public synchronized boolean remove(AdapterDigest digest, BooleanSupplier unneeded)
            throws IOException {
        Path hidden = root.resolve(REMOVED + digest.hex());
        if (!Files.exists(home(digest))) {
            return true;
        }
        Files.move(home(digest), hidden, StandardCopyOption.ATOMIC_MOVE);
        boolean removed = false;
        try {
            removed = unneeded.getAsBoolean();
        } finally {
            if (!removed) {
                bringBack(hidden, home(digest));
            }
        }
        FolderTree.delete(hidden);
        return removed;
    }

    private static void bringBack(Path hidden, Path home) throws IOException {
        if (Files.exists(home)) {
            FolderTree.delete(hidden);
        } else {
            Files.move(hidden, home, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /** Marks the artifact as new; false if it was removed meanwhile. */
    private boolean touch(AdapterDigest digest) throws IOException {
        try {
            Files.setLastModifiedTime(
                    home(digest).resolve(Manifest.FILE), FileTime.from(clock.instant()));
            return true;
        } catch (NoSuchFileException _) {
            return false;
        }
    }

    private Artifact write(AdapterDigest digest, Contents contents, Path staging)
            throws IOException {
        Path target = Files.createDirectory(staging.resolve("files"));
        Artifact artifact =
                new Artifact(
                        digest, copy(contents.files(), target), copy(contents.arrays(), target));
        Path manifest = staging.resolve(Manifest.FILE);
        HashedCopy.write(manifest, new Manifest(artifact).write());
        Files.setLastModifiedTime(manifest, FileTime.from(clock.instant()));
        return artifact;
    }

    private static List<ArtifactFile> copy(List<Path> files, Path target) throws IOException {
        List<ArtifactFile> copied = new ArrayList<>();
        List<Path> sorted = files.stream().sorted(Comparator.comparing(Path::getFileName)).toList();
        for (Path file : sorted) {
            copied.add(HashedCopy.copy(file, target.resolve(file.getFileName())));
        }
        return copied;
    }

    /**
     * Moves an artifact into place, one at a time in this process; another process may do so too.
     */
    private synchronized void publish(Path staging, AdapterDigest digest, Contents contents)
            throws IOException {
        Optional<Artifact> stored = find(digest);
        if (stored.isPresent() && serves(stored.get(), contents)) {
            return;
        }
        if (Files.exists(home(digest))) {
            LOG.warn("artifact {} is damaged or lacks its arrays and is written again", digest);
            Path damaged = Files.createTempDirectory(root, STAGING);
            Files.move(home(digest), damaged.resolve("damaged"), StandardCopyOption.ATOMIC_MOVE);
            FolderTree.delete(damaged);
        }
        try {
            Files.move(staging, home(digest), StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            if (find(digest).isEmpty()) {
                throw e;
            }
            LOG.debug("another process stored {} meanwhile", digest, e);
        }
    }

    /** True if the artifact is complete, and has the arrays if there are arrays to store. */
    private boolean serves(Artifact artifact, Contents contents) throws IOException {
        return artifact.arrays().size() >= contents.arrays().size() && whole(artifact);
    }

    private boolean whole(Artifact artifact) throws IOException {
        for (ArtifactFile file : artifact.all().toList()) {
            if (!whole(path(artifact.digest(), file), file)) {
                return false;
            }
        }
        return !artifact.files().isEmpty();
    }

    private static boolean whole(Path path, ArtifactFile file) throws IOException {
        try {
            return Files.size(path) == file.size()
                    && ContentHash.sha256(path).equals(file.sha256());
        } catch (NoSuchFileException _) {
            return false;
        }
    }

    private Path path(AdapterDigest digest, ArtifactFile file) {
        return home(digest).resolve("files").resolve(file.name());
    }

    private Path home(AdapterDigest digest) {
        return root.resolve(digest.hex());
    }
}
