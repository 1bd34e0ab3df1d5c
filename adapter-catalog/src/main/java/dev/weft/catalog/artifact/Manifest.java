package dev.weft.catalog.artifact;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.weft.protocol.adapter.AdapterDigest;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The content of {@code artifact.json}: the digest, and name, size and SHA-256 of each file. It is
 * written last, so an artifact with it is complete.
 */
final class Manifest {
    static final String FILE = "artifact.json";

    private Manifest() {}

    /** The folder of the files, if the manifest doesn't say. */
    private static final String FILES = "files";

    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Body(
            String digest,
            @Nullable String folder,
            List<ArtifactFile> files,
            List<ArtifactFile> arrays) {}

    static byte[] write(Artifact artifact) {
        return write(artifact, FILES);
    }

    /**
     * The manifest of files in another folder than usual.
     *
     * @param folder one name
     */
    static byte[] write(Artifact artifact, String folder) {
        return JsonMapper.shared()
                .writeValueAsBytes(
                        new Body(
                                artifact.digest().toString(),
                                folder.equals(FILES) ? null : folder,
                                artifact.files(),
                                artifact.arrays()));
    }

    /**
     * The folder in which the files of a manifest are; empty if that can't be read.
     *
     * @param digest of its artifact
     */
    static Optional<String> folder(AdapterDigest digest, byte[] json) {
        try {
            read(digest, json);
            return Optional.of(JsonMapper.shared().readTree(json).path("folder").asString(FILES));
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    /**
     * Reads a manifest; an older one is only a list of the files.
     *
     * @throws IOException if it isn't a manifest, or belongs to another artifact
     */
    static Artifact read(AdapterDigest digest, byte[] json) throws IOException {
        try {
            JsonNode root = JsonMapper.shared().readTree(json);
            if (root.isArray()) {
                ArtifactFile[] files = JsonMapper.shared().treeToValue(root, ArtifactFile[].class);
                return new Artifact(digest, List.of(files), List.of());
            }
            Body body = JsonMapper.shared().treeToValue(root, Body.class);
            if (body == null || body.files() == null || !digest.toString().equals(body.digest())) {
                throw new IOException(FILE + " does not describe artifact " + digest);
            }
            return new Artifact(
                    digest, body.files(), body.arrays() == null ? List.of() : body.arrays());
        } catch (JacksonException | NullPointerException e) {
            throw new IOException(FILE + " of " + digest + " can't be read: " + e.getMessage(), e);
        }
    }
}
