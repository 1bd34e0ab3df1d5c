package dev.weft.catalog.artifact;

import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.source.download.ContentHash;
import dev.weft.source.object.ObjectStore;
import dev.weft.source.object.StoreObject;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Artifacts in a bucket, as {@code <digest>/<folder>/<sha256>} and {@code <digest>/artifact.json},
 * which names the folder. {@code artifact.json} is written last and removed first: without it there
 * is no artifact. A catalog that stores the artifact then takes a new folder, since another catalog
 * may still be removing the old one. Files have their own hashes as names, so catalogs that store
 * the same adapter from different places don't mix their bytes. A local folder keeps copies,
 * checked by hash, so that workers are served from a disk; {@link CopyBound} decides which copies.
 */
public final class BucketArtifacts implements ArtifactStore {
    private static final Pattern MANIFEST = Pattern.compile("([0-9a-f]{64})/artifact\\.json");
    private static final int PIECE = 4 << 20;

    private final ObjectStore bucket;
    private final FolderArtifacts copies;
    private final CopyBound bound;
    private final Path arriving;
    private final Clock clock;
    private final ConcurrentMap<AdapterDigest, ReentrantLock> locks = new ConcurrentHashMap<>();

    /** Folders of artifacts that could not be stored to the end: the next attempt goes on there. */
    private final Map<AdapterDigest, String> begun = new ConcurrentHashMap<>();

    /** Locks held while an artifact is stored or removed here; several digests share a lock. */
    private final List<ReentrantLock> turns =
            Stream.generate(ReentrantLock::new).limit(64).toList();

    /**
     * Opens a bucket with a folder for copies.
     *
     * @param folder for copies
     * @param copyBytes the most bytes of copies
     */
    public BucketArtifacts(ObjectStore bucket, Path folder, long copyBytes, Clock clock)
            throws IOException {
        this.bucket = bucket;
        this.copies = new FolderArtifacts(folder.resolve("copies"), clock);
        this.bound = new CopyBound(copies, copyBytes, clock);
        this.arriving = folder.resolve("arriving");
        this.clock = clock;
        FolderTree.delete(arriving);
        Files.createDirectories(arriving);
        bound.trim();
    }

    @Override
    public Artifact put(AdapterDigest digest, Contents contents) throws IOException {
        ReentrantLock turn = turn(digest);
        turn.lock();
        try (var _ = bound.hold(digest)) {
            Artifact artifact = copies.put(digest, contents);
            bound.added(digest);
            String folder =
                    known(digest)
                            .map(Manifest::folder)
                            .orElseGet(() -> begun.computeIfAbsent(digest, _ -> ownFolder()));
            for (ArtifactFile file : artifact.all().toList()) {
                String name = name(digest, folder, file);
                if (!isThere(name, file)) {
                    bucket.write(name, copies.file(digest, file.name()).orElseThrow());
                }
            }
            bucket.write(manifest(digest), new Manifest(artifact, folder).write());
            begun.remove(digest);
            return artifact;
        } finally {
            turn.unlock();
        }
    }

    /** The manifest in the bucket. One that can't be read counts as none, and is written anew. */
    private Optional<Manifest> known(AdapterDigest digest) throws IOException {
        Optional<byte[]> json = read(manifest(digest));
        try {
            return json.isEmpty()
                    ? Optional.empty()
                    : Optional.of(Manifest.read(digest, json.get()));
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    private ReentrantLock turn(AdapterDigest digest) {
        return turns.get(Math.floorMod(digest.hashCode(), turns.size()));
    }

    private static String ownFolder() {
        return "files-" + UUID.randomUUID();
    }

    private boolean isThere(String name, ArtifactFile file) throws IOException {
        Optional<StoreObject> there = bucket.stat(name);
        return there.isPresent() && there.get().size() == file.size();
    }

    @Override
    public Optional<Artifact> find(AdapterDigest digest) throws IOException {
        bound.used(digest);
        Optional<Artifact> here = copies.find(digest);
        return here.isPresent() ? here : fetch(digest);
    }

    @Override
    public Optional<Path> file(AdapterDigest digest, String name) throws IOException {
        try (var _ = bound.hold(digest)) {
            return find(digest).isEmpty() ? Optional.empty() : copies.file(digest, name);
        }
    }

    @Override
    public List<Kept> list() throws IOException {
        Map<AdapterDigest, Kept> all = new LinkedHashMap<>();
        copies.list().forEach(kept -> all.put(kept.digest(), kept));
        for (StoreObject object : bucket.list("", true)) {
            Matcher matcher = MANIFEST.matcher(object.name());
            if (matcher.matches()) {
                // If a store doesn't tell the time, its artifacts count as new.
                Instant put = object.modified().orElse(clock.instant());
                AdapterDigest digest = new AdapterDigest(matcher.group(1));
                all.merge(digest, new Kept(digest, put), BucketArtifacts::later);
            }
        }
        return List.copyOf(all.values());
    }

    private static Kept later(Kept a, Kept b) {
        return a.put().isAfter(b.put()) ? a : b;
    }

    @Override
    public boolean remove(AdapterDigest digest, BooleanSupplier unneeded) throws IOException {
        ReentrantLock turn = turn(digest);
        turn.lock();
        try {
            return removeInTurn(digest, unneeded);
        } finally {
            turn.unlock();
        }
    }

    /**
     * Removes the files that are there now. A catalog that stores the artifact meanwhile finds no
     * manifest and takes a new folder, or {@code unneeded} sees its version.
     */
    private boolean removeInTurn(AdapterDigest digest, BooleanSupplier unneeded)
            throws IOException {
        List<StoreObject> there = bucket.list(digest.hex() + "/", true);
        String manifest = manifest(digest);
        Optional<byte[]> hidden = read(manifest);
        bucket.delete(manifest);
        boolean removed = false;
        try {
            removed = unneeded.getAsBoolean();
        } finally {
            if (!removed && hidden.isPresent()) {
                bucket.write(manifest, hidden.get());
            }
        }
        if (removed) {
            for (StoreObject object : there) {
                if (!object.name().equals(manifest)) {
                    bucket.delete(object.name());
                }
            }
            begun.remove(digest);
            copies.remove(digest, () -> true);
            bound.removed(digest);
        }
        return removed;
    }

    /** Fetches an artifact, one fetch of it at a time. */
    private Optional<Artifact> fetch(AdapterDigest digest) throws IOException {
        ReentrantLock lock = locks.computeIfAbsent(digest, _ -> new ReentrantLock());
        lock.lock();
        try {
            Optional<Artifact> here = copies.find(digest);
            return here.isPresent() ? here : download(digest);
        } finally {
            lock.unlock();
            locks.remove(digest, lock);
        }
    }

    private Optional<Artifact> download(AdapterDigest digest) throws IOException {
        Optional<byte[]> json = read(manifest(digest));
        if (json.isEmpty()) {
            return Optional.empty();
        }
        Manifest manifest = Manifest.read(digest, json.get());
        Artifact listed = manifest.artifact();
        String from = manifest.folder();
        Path folder = Files.createTempDirectory(arriving, digest.hex());
        try {
            List<Path> files = new ArrayList<>();
            for (ArtifactFile file : listed.files()) {
                files.add(download(digest, from, file, folder));
            }
            List<Path> arrays = new ArrayList<>();
            for (ArtifactFile file : listed.arrays()) {
                arrays.add(download(digest, from, file, folder));
            }
            Artifact copy = copies.put(digest, new Contents(files, arrays));
            bound.added(digest);
            return Optional.of(copy);
        } finally {
            FolderTree.delete(folder);
        }
    }

    private Path download(AdapterDigest digest, String from, ArtifactFile file, Path folder)
            throws IOException {
        Path target = folder.resolve(file.name()).normalize();
        if (!folder.equals(target.getParent())) {
            throw new IOException("artifact " + digest + " lists '" + file.name() + "'");
        }
        String name = name(digest, from, file);
        try (OutputStream out = Files.newOutputStream(target)) {
            for (long at = 0; at < file.size(); at += PIECE) {
                int length = (int) Math.min(PIECE, file.size() - at);
                out.write(bucket.await(bucket.read(name, at, length), length));
            }
        }
        if (Files.size(target) != file.size()
                || !ContentHash.sha256(target).equals(file.sha256())) {
            throw new IOException(
                    "artifact " + digest + ": " + file.name() + " is damaged in the bucket");
        }
        return target;
    }

    private Optional<byte[]> read(String name) throws IOException {
        Optional<StoreObject> object = bucket.stat(name);
        if (object.isEmpty()) {
            return Optional.empty();
        }
        int length = Math.toIntExact(object.get().size());
        return Optional.of(bucket.await(bucket.read(name, 0, length), length));
    }

    private static String name(AdapterDigest digest, String folder, ArtifactFile file) {
        return digest.hex() + "/" + folder + "/" + file.sha256();
    }

    private static String manifest(AdapterDigest digest) {
        return digest.hex() + "/" + Manifest.FILE;
    }
}
