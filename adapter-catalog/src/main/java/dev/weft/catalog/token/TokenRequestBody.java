package dev.weft.catalog.token;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.weft.access.holder.KeyLimits;
import dev.weft.access.holder.Role;
import dev.weft.catalog.web.JsonBody;
import dev.weft.protocol.adapter.AdapterId;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The body of a POST that makes a token. */
@Schema(
        name = "TokenRequest",
        description = "Whom a token is for and what it allows",
        requiredProperties = {"name", "role"})
record TokenRequestBody(
        @Schema(description = "For people and the audit log", example = "anna") String name,
        @Schema(description = "What it allows", example = "owner") Role role,
        @Schema(
                        types = {"string", "null"},
                        description =
                                "Whose adapters it is for; needed for client, viewer and owner, not"
                                        + " allowed for admin and service",
                        example = "team-a")
                @Nullable String tenant,
        @Schema(
                        types = {"string", "null"},
                        description =
                                "Time after which it ends by itself, a number with m, h or d;"
                                        + " null if it does not",
                        example = "90d")
                @Nullable String expires,
        @JsonUnwrapped LimitRequestBody limits) {

    static final String OWNER =
            """
            {"name": "anna", "role": "owner", "tenant": "team-a"}\
            """;

    static final String CLIENT =
            """
            {"name": "app", "role": "client", "tenant": "team-a", "expires": "90d",
             "models": ["sql-*"], "requestsPerMinute": 600, "tokensPerMinute": 200000,
             "concurrentStreams": 20, "budget": {"money": 250}}\
            """;

    /** A request, read from the body. */
    record Request(
            String name,
            Role role,
            @Nullable String tenant,
            KeyLimits limits,
            @Nullable Duration lifetime) {}

    static Request read(byte @Nullable [] bytes) {
        JsonBody body =
                new JsonBody(
                        bytes,
                        Stream.concat(
                                        Stream.of("name", "role", "tenant", "expires"),
                                        LimitFields.NAMES.stream())
                                .toArray(String[]::new));
        JsonNode name = body.field("name");
        if (!name.isString() || !AdapterId.isName(name.asString())) {
            body.fault("name", name, AdapterId.NAME_RULE);
        }
        Role role = Role.named(body.field("role").asString("")).orElse(null);
        if (role == null) {
            body.fault("role", body.field("role"), Arrays.toString(Role.values()));
        }
        JsonNode tenant = body.field("tenant");
        boolean given = !tenant.isMissingNode() && !tenant.isNull();
        if (given && (!tenant.isString() || !isTenant(tenant.asString()))) {
            body.fault("tenant", tenant, AdapterId.NAME_RULE + ", but no slash");
        } else if (role != null && role.ofTenant() != given) {
            body.fault(
                    "tenant",
                    tenant,
                    role.ofTenant() ? "a tenant for role " + role : "none for role " + role);
        }
        Duration lifetime = Lifetime.of(body, "expires").orElse(null);
        KeyLimits limits = LimitFields.read(body).apply(KeyLimits.NONE);
        if (role == Role.service && !limits.isNone()) {
            LimitFields.NAMES.stream()
                    .filter(field -> !body.field(field).isMissingNode())
                    .forEach(
                            field -> body.fault(field, body.field(field), "none for role service"));
        }
        body.check();
        return new Request(
                name.asString(),
                role == null ? Role.viewer : role,
                given ? tenant.asString() : null,
                limits,
                lifetime);
    }

    /**
     * True for the name of a tenant. It has no slash: others write {@code tenant/name} for what the
     * tenant shares, and the first slash ends the tenant.
     */
    private static boolean isTenant(String text) {
        return AdapterId.isName(text) && text.indexOf('/') < 0;
    }
}
