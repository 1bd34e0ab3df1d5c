package dev.weft.catalog.artifact;

import dev.weft.protocol.adapter.AdapterDigest;
import java.io.IOException;
import java.util.List;
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

    private record Body(String digest, List<ArtifactFile> files, List<ArtifactFile> arrays) {}

    static byte[] write(Artifact artifact) {
        return JsonMapper.shared()
                .writeValueAsBytes(
                        new Body(
                                artifact.digest().toString(), artifact.files(), artifact.arrays()));
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
