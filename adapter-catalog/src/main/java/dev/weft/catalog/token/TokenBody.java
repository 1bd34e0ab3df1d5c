package dev.weft.catalog.token;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.weft.access.holder.Role;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A token as the admin API shows it. */
@Schema(
        name = "Token",
        description = "A token",
        requiredProperties = {
            "id",
            "name",
            "role",
            "tenant",
            "secret",
            "models",
            "requestsPerMinute",
            "tokensPerMinute",
            "concurrentStreams",
            "budget",
            "priority",
            "createdAt",
            "expiresAt",
            "lastUsedAt",
            "revokedAt"
        })
record TokenBody(
        @Schema(description = "Number of the token") long id,
        @Schema(description = "For people and the audit log", example = "anna") String name,
        @Schema(description = "What it allows") Role role,
        @Schema(
                        types = {"string", "null"},
                        description = "Whose adapters it is for; null for all tenants")
                @Nullable String tenant,
        @Schema(
                        types = {"string", "null"},
                        description = "What is sent as bearer token; null but when it is made")
                @Nullable String secret,
        @JsonUnwrapped LimitsBody limits,
        @JsonUnwrapped Times times) {
    /** The times of what happened to it. */
    record Times(
            @Schema(description = "When it was made") Instant createdAt,
            @Schema(
                            types = {"string", "null"},
                            format = "date-time",
                            description = "When it ends by itself; null if it does not")
                    @Nullable Instant expiresAt,
            @Schema(
                            types = {"string", "null"},
                            format = "date-time",
                            description =
                                    "When it was last used, to the minute; null if it was not")
                    @Nullable Instant lastUsedAt,
            @Schema(
                            types = {"string", "null"},
                            format = "date-time",
                            description = "When it was taken back; null if it was not")
                    @Nullable Instant revokedAt) {
        private static Times of(Token.Times times) {
            return new Times(times.created(), times.expires(), times.used(), times.revoked());
        }
    }

    static TokenBody of(Tokens.Made made) {
        return of(made.token(), made.secret());
    }

    static TokenBody of(Token token, @Nullable String secret) {
        return new TokenBody(
                token.id(),
                token.name(),
                token.role(),
                token.tenant(),
                secret,
                LimitsBody.of(token.limits()),
                Times.of(token.times()));
    }
}
