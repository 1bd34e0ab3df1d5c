package dev.weft.deployment.truss;

import dev.weft.protocol.repository.HubName;
import dev.weft.protocol.repository.ObjectAddress;
import dev.weft.protocol.repository.RemoteUrl;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.protocol.repository.RepositorySource;
import dev.weft.settings.key.PlainValue;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Reads {@code source}, {@code repo} and {@code revision}, which mean the same everywhere. */
public final class RepositoryReader {
    private final Path folder;
    private final BiConsumer<List<String>, String> faults;

    /**
     * @param folder the start of relative FILE folders
     * @param faults takes the path and the fault there
     */
    public RepositoryReader(Path folder, BiConsumer<List<String>, String> faults) {
        this.folder = folder;
        this.faults = faults;
    }

    /**
     * The repository; empty, with a fault, if it isn't fully given.
     *
     * @param opened whether a FILE folder must be there
     */
    public Optional<RepositoryRef> read(Truss.Repository given, List<String> path, boolean opened) {
        var key = new ArrayList<>(path);
        key.add("repo");
        String repo = given.repo();
        if (repo == null) {
            faults.accept(key, "is missing: " + Truss.Repository.REPO);
            return Optional.empty();
        }
        checkRevision(given, path);
        return located(given.source(), repo, key, opened)
                .map(place -> new RepositoryRef(given.source(), place, given.revision()));
    }

    private void checkRevision(Truss.Repository given, List<String> path) {
        String revision = given.revision();
        if (revision != null && !given.source().mayBeAt(revision)) {
            var key = new ArrayList<>(path);
            key.add("revision");
            faults.accept(
                    key,
                    "'%s' is not allowed: a folder of %s is taken as it is"
                            .formatted(revision, given.source()));
        }
    }

    private Optional<String> located(
            RepositorySource source, String repo, List<String> key, boolean opened) {
        return switch (source) {
            case HF -> shaped(key, repo, HubName.fits(repo), HubName.ALLOWED);
            case REMOTE_URL ->
                    shaped(key, repo, RemoteUrl.parse(repo).isPresent(), RemoteUrl.ALLOWED);
            case GCS, S3, AZURE ->
                    shaped(
                            key,
                            repo,
                            ObjectAddress.parse(source, repo).isPresent(),
                            ObjectAddress.allowed(source));
            case FILE -> folder(key, repo, opened).map(Path::toString);
        };
    }

    private Optional<String> shaped(List<String> key, String repo, boolean fits, String allowed) {
        if (!fits) {
            faults.accept(key, "'" + PlainValue.masked(repo) + "' is not allowed: " + allowed);
        }
        return fits ? Optional.of(repo) : Optional.empty();
    }

    /** A folder, absolute; empty, with a fault, if it is opened and doesn't exist. */
    private Optional<Path> folder(List<String> key, String text, boolean opened) {
        try {
            Path path = folder.resolve(text).toAbsolutePath().normalize();
            if (!opened || Files.isDirectory(path)) {
                return Optional.of(path);
            }
            faults.accept(key, "'" + text + "' is not allowed: " + path + " is not a folder");
        } catch (InvalidPathException e) {
            faults.accept(key, "'" + text + "' is not allowed: " + e.getReason());
        }
        return Optional.empty();
    }
}
