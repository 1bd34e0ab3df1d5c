package dev.weft.deployment;

import dev.weft.protocol.repository.ObjectAddress;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.protocol.repository.RepositorySource;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads {@code source}, {@code repo} and {@code revision}, which mean the same everywhere. */
final class RepositoryReader {
    /** The hub's own rule, see validate_repo_id of huggingface_hub. */
    private static final Pattern HUB_NAME =
            Pattern.compile("[A-Za-z0-9][\\w.-]{0,95}(/[A-Za-z0-9][\\w.-]{0,95})?");

    private final Values values;
    private final Path folder;

    /**
     * @param folder what relative FILE folders start from
     */
    RepositoryReader(Values values, Path folder) {
        this.values = values;
        this.folder = folder;
    }

    /** The repository; empty with a fault where it isn't fully given. */
    Optional<RepositoryRef> read(
            Key<RepositorySource> sourceKey, Key<String> repoKey, Key<String> revisionKey) {
        RepositorySource source = values.get(sourceKey);
        Optional<String> repo = values.find(repoKey, null);
        String revision = values.find(revisionKey, null).orElse(null);
        if (repo.isEmpty()) {
            if (values.node(repoKey.path()) == null) {
                values.fault(repoKey, "is missing: " + repoKey.type().allowed());
            }
            return Optional.empty();
        }
        return located(source, repo.get(), repoKey)
                .map(place -> new RepositoryRef(source, place, revision));
    }

    private Optional<String> located(RepositorySource source, String repo, Key<String> key) {
        return switch (source) {
            case HF -> shaped(key, repo, HUB_NAME.matcher(repo).matches(), "owner/name");
            case REMOTE_URL ->
                    shaped(key, repo, repo.matches("https?://\\S+"), "an http or https address");
            case GCS, S3, AZURE ->
                    shaped(
                            key,
                            repo,
                            ObjectAddress.parse(source, repo).isPresent(),
                            ObjectAddress.allowed(source));
            case FILE -> folder(key, repo).map(Path::toString);
        };
    }

    private Optional<String> shaped(Key<?> key, String repo, boolean fits, String allowed) {
        if (!fits) {
            values.fault(key, "'" + repo + "' is not allowed: " + allowed);
        }
        return fits ? Optional.of(repo) : Optional.empty();
    }

    /** A folder that exists, absolute; empty with a fault where it doesn't. */
    Optional<Path> folder(Key<?> key, String text) {
        try {
            Path path = folder.resolve(text).toAbsolutePath().normalize();
            if (Files.isDirectory(path)) {
                return Optional.of(path);
            }
            values.fault(key, "'" + text + "' is not allowed: " + path + " is not a folder");
        } catch (InvalidPathException e) {
            values.fault(key, "'" + text + "' is not allowed: " + e.getReason());
        }
        return Optional.empty();
    }
}
