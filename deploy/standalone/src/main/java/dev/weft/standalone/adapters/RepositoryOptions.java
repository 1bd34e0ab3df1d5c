package dev.weft.standalone.adapters;

import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.protocol.repository.RepositorySource;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that name a repository, of an adapter or of a base. */
final class RepositoryOptions {
    @Option(names = "--source", required = true, description = "One of ${COMPLETION-CANDIDATES}.")
    private RepositorySource source = RepositorySource.HF;

    @Option(
            names = "--repo",
            required = true,
            description =
                    "owner/name for HF; s3://BUCKET/PREFIX, gs://BUCKET/PREFIX,"
                            + " az://CONTAINER/PREFIX; an address for REMOTE_URL;"
                            + " a folder for FILE, absolute, below the current folder, or"
                            + " relative to the catalog's deployment file.")
    private String repo = "";

    @Option(
            names = "--revision",
            description =
                    "Branch, tag or commit for HF; sha256:... of the content for S3, GCS, AZURE and"
                            + " REMOTE_URL; a note for FILE.")
    private @Nullable String revision;

    /**
     * The repository. A FILE folder that exists, seen from the current folder, is made absolute;
     * another relative one starts at the catalog's deployment file.
     */
    RepositoryRef repository() {
        String place = source == RepositorySource.FILE ? folder() : repo;
        return new RepositoryRef(source, place, revision);
    }

    private String folder() {
        try {
            Path path = Path.of(repo).toAbsolutePath().normalize();
            return Files.isDirectory(path) ? path.toString() : repo;
        } catch (InvalidPathException _) {
            return repo;
        }
    }
}
