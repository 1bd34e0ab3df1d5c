package dev.weft.catalog.artifact;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.weft.protocol.adapter.AdapterDigest;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The content of {@code artifact.json}: the digest, and name, size and SHA-256 of each file. It is
 * written last, so an artifact with it is complete.
 *
 * @param folder name of the folder that has the files
 */
record Manifest(Artifact artifact, String folder) {
    static final String FILE = "artifact.json";

    /** The folder of the files, if the manifest doesn't say. */
    private static final String FILES = "files";

    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Body(
            String digest,
            @Nullable String folder,
            List<ArtifactFile> files,
            List<ArtifactFile> arrays) {}

    /** The manifest of files in their usual folder. */
    Manifest(Artifact artifact) {
        this(artifact, FILES);
    }

    byte[] write() {
        return JsonMapper.shared()
                .writeValueAsBytes(
                        new Body(
                                artifact.digest().toString(),
                                folder.equals(FILES) ? null : folder,
                                artifact.files(),
                                artifact.arrays()));
    }

    /**
     * Reads a manifest; an older one is only a list of the files.
     *
     * @throws IOException if it isn't a manifest, or belongs to another artifact
     */
    static Manifest read(AdapterDigest digest, byte[] json) throws IOException {
        try {
            JsonNode root = JsonMapper.shared().readTree(json);
            if (root.isArray()) {
                ArtifactFile[] files = JsonMapper.shared().treeToValue(root, ArtifactFile[].class);
                return new Manifest(new Artifact(digest, List.of(files), List.of()));
            }
            Body body = JsonMapper.shared().treeToValue(root, Body.class);
            if (body == null || body.files() == null || !digest.toString().equals(body.digest())) {
                throw new IOException(FILE + " does not describe artifact " + digest);
            }
            return new Manifest(
                    new Artifact(
                            digest,
                            body.files(),
                            body.arrays() == null ? List.of() : body.arrays()),
                    body.folder() == null ? FILES : body.folder());
        } catch (JacksonException | NullPointerException e) {
            throw new IOException(FILE + " of " + digest + " can't be read: " + e.getMessage(), e);
        }
    }
}
