package dev.weft.catalog.adapter;

import dev.weft.protocol.repository.RepositorySource;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The body of a POST that registers an adapter; {@link RegistrationReader} reads it. */
@Schema(name = "Registration", description = "Which adapter to take in, and under which name")
record RegistrationBody(
        @Schema(
                        description =
                                "What clients type in `model`: 1 to 128 letters, digits, '.', '_',"
                                        + " '-' or '/', first a letter or a digit",
                        requiredMode = Schema.RequiredMode.REQUIRED,
                        example = "sql")
                String name,
        @Schema(
                        description = "Where the repository lies",
                        requiredMode = Schema.RequiredMode.REQUIRED,
                        implementation = RepositorySource.class,
                        example = "HF")
                String source,
        @Schema(
                        description =
                                "owner/name for HF; bucket and folder for S3, GCS and AZURE; an"
                                    + " https address of an archive or of a folder for REMOTE_URL;"
                                    + " for FILE a folder below weft.catalog.file-roots, absolute"
                                    + " or relative to the folder of the deployment file",
                        requiredMode = Schema.RequiredMode.REQUIRED,
                        example = "owner/name")
                String repo,
        @Schema(
                        types = {"string", "null"},
                        description =
                                "Branch, tag or commit for HF; sha256:... of the content for S3,"
                                        + " GCS, AZURE and REMOTE_URL; a note for FILE",
                        example = "main")
                @Nullable String revision,
        @Schema(
                        types = {"string", "null"},
                        description =
                                "Name of the base that it was trained on; if left out, it is found"
                                        + " from the adapter's configuration, or it is the base"
                                        + " that it fits",
                        example = "llama")
                @Nullable String base) {
    static final String HUB =
            """
            {"name": "sql", "source": "HF", "repo": "owner/name", "revision": "main"}\
            """;

    static final String BUCKET =
            """
            {"name": "team/json", "source": "S3", "repo": "s3://bucket/adapters/json"}\
            """;

    static final String ARCHIVE =
            """
            {"name": "french", "source": "REMOTE_URL", "repo": "https://models.example.org/french.tar.gz"}\
            """;
}
