package dev.weft.catalog.token;

import dev.weft.catalog.web.JsonBody;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The optional body of a POST that rotates a token. */
@Schema(name = "TokenRotation", description = "How a token gives way to another one")
record RotationBody(
        @Schema(
                        types = {"string", "null"},
                        description =
                                "How long the old token stays valid beside the new one: a number"
                                        + " with m, h or d; an hour if left out",
                        example = "1h")
                @Nullable String overlap) {
    static final String EXAMPLE =
            """
            {"overlap": "1h"}\
            """;

    private static final Duration DEFAULT = Duration.ofHours(1);

    static Duration read(byte @Nullable [] bytes) {
        if (bytes == null || bytes.length == 0) {
            return DEFAULT;
        }
        JsonBody body = new JsonBody(bytes, "overlap");
        Duration overlap = Lifetime.of(body, "overlap").orElse(DEFAULT);
        body.check();
        return overlap;
    }
}
