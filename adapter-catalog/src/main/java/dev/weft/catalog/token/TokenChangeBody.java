package dev.weft.catalog.token;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.weft.catalog.web.JsonBody;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The body of a PATCH of a token. */
@Schema(
        name = "TokenChange",
        description = "What is to be otherwise; a field that is left out stays, null ends a limit")
record TokenChangeBody(
        @Schema(
                        types = {"string", "null"},
                        description =
                                "Time from now on after which it ends by itself, a number with m, h"
                                        + " or d; null if it does not",
                        example = "30d")
                @Nullable String expires,
        @JsonUnwrapped LimitRequestBody limits) {
    static final String EXAMPLE =
            """
            {"requestsPerMinute": 60, "budget": {"tokens": 5000000}, "concurrentStreams": null}\
            """;

    static TokenChange read(byte @Nullable [] bytes) {
        JsonBody body =
                new JsonBody(
                        bytes,
                        Stream.concat(Stream.of("expires"), LimitFields.NAMES.stream())
                                .toArray(String[]::new));
        Duration lifetime = Lifetime.of(body, "expires").orElse(null);
        var limits = LimitFields.read(body);
        boolean ends = !body.field("expires").isMissingNode();
        body.check();
        return new TokenChange(limits, ends, lifetime);
    }
}
