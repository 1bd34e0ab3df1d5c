package dev.weft.catalog.artifact;

import dev.weft.model.adapter.AdapterDigest;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Artifacts in {@code ROOT/<digest>/}: {@code artifact.json} with sizes and hashes, {@code files/}
 * with the files. A folder is written aside and renamed, so it is there whole or not at all, and it
 * never changes. Safe for any thread and for several processes on one folder.
 */
public final class ArtifactStore {
    private static final Logger LOG = LoggerFactory.getLogger(ArtifactStore.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String MANIFEST = "artifact.json";
    private static final String STAGING = ".staging-";

    private final Path root;

    /** Makes the folder; removes what a stopped process left half written. */
    public ArtifactStore(Path root) throws IOException {
        this.root = Files.createDirectories(root);
        for (Path left : FolderTree.children(root)) {
            if (left.getFileName().toString().startsWith(STAGING)) {
                FolderTree.delete(left);
            }
        }
    }

    /**
     * Stores files of {@code folder} under the digest. Where they are stored already, the stored
     * ones are read again and kept if they are whole.
     */
    public Artifact put(AdapterDigest digest, Path folder, Collection<String> names)
            throws IOException {
        Optional<Artifact> stored = find(digest);
        if (stored.isPresent() && whole(stored.get())) {
            return stored.get();
        }
        Path staging = Files.createTempDirectory(root, STAGING);
        try {
            Artifact artifact = write(digest, folder, names, staging);
            publish(staging, digest);
            return artifact;
        } finally {
            FolderTree.delete(staging);
        }
    }

    /** What is stored under the digest; empty where nothing is. */
    public Optional<Artifact> find(AdapterDigest digest) throws IOException {
        Path manifest = home(digest).resolve(MANIFEST);
        if (!Files.isRegularFile(manifest)) {
            return Optional.empty();
        }
        try {
            List<ArtifactFile> files =
                    List.of(JSON.readValue(Files.readAllBytes(manifest), ArtifactFile[].class));
            return Optional.of(new Artifact(digest, files));
        } catch (JacksonException e) {
            LOG.warn("artifact {}: {} can't be read: {}", digest, MANIFEST, e.getOriginalMessage());
            return Optional.of(new Artifact(digest, List.of()));
        }
    }

    /** A file of an artifact; empty where the artifact has none of that name. */
    public Optional<Path> file(AdapterDigest digest, String name) throws IOException {
        return find(digest).stream()
                .flatMap(artifact -> artifact.files().stream())
                .filter(file -> file.name().equals(name))
                .map(file -> home(digest).resolve("files").resolve(file.name()))
                .findFirst();
    }

    private static Artifact write(
            AdapterDigest digest, Path folder, Collection<String> names, Path staging)
            throws IOException {
        Path target = Files.createDirectory(staging.resolve("files"));
        List<ArtifactFile> files = new ArrayList<>();
        for (String name : new TreeSet<>(names)) {
            files.add(HashedCopy.copy(folder.resolve(name), target.resolve(name)));
        }
        HashedCopy.write(staging.resolve(MANIFEST), JSON.writeValueAsBytes(files));
        return new Artifact(digest, files);
    }

    /** One at a time in this process; another process may come in between. */
    private synchronized void publish(Path staging, AdapterDigest digest) throws IOException {
        Optional<Artifact> stored = find(digest);
        if (stored.isPresent() && whole(stored.get())) {
            return;
        }
        if (stored.isPresent()) {
            LOG.warn("artifact {} is damaged on disk and is written again", digest);
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

    private boolean whole(Artifact artifact) throws IOException {
        for (ArtifactFile file : artifact.files()) {
            Path path = home(artifact.digest()).resolve("files").resolve(file.name());
            if (!Files.isRegularFile(path)
                    || Files.size(path) != file.size()
                    || !HashedCopy.sha256(path).equals(file.sha256())) {
                return false;
            }
        }
        return !artifact.files().isEmpty();
    }

    private Path home(AdapterDigest digest) {
        return root.resolve(digest.hex());
    }
}
