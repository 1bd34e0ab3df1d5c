package dev.weft.catalog.rollout.judge;

import dev.weft.catalog.web.JsonBody;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.feed.Share;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** A version that is compared. */
@Schema(
        name = "RolledVersion",
        description = "A version of an adapter that is compared",
        requiredProperties = {"adapter", "version"})
public record RolledVersionBody(
        @Schema(description = "Name of the adapter", example = "sql") String adapter,
        @Schema(description = "Number of its version", example = "2") int version) {
    private static final Set<String> NAMES = Set.of("adapter", "version");

    public static RolledVersionBody of(RolledVersion version) {
        return new RolledVersionBody(version.adapter(), version.version());
    }

    /** Reads a field of a body. A fault is noted there. */
    public static RolledVersion read(JsonBody body, String field) {
        JsonNode found = body.field(field);
        if (!found.isObject()) {
            body.fault(field, found, "an object with adapter and version");
            return new RolledVersion("", 1);
        }
        body.unknown(field + ".", found, NAMES);
        JsonNode adapter = found.path("adapter");
        if (!adapter.isString() || !AdapterId.isName(adapter.asString())) {
            body.fault(field + ".adapter", adapter, AdapterId.NAME_RULE);
        }
        JsonNode version = found.path("version");
        if (!version.isInt() || version.asInt() < 1 || version.asInt() > Share.LARGEST_WEIGHT) {
            body.fault(field + ".version", version, "1 to " + Share.LARGEST_WEIGHT);
        }
        return new RolledVersion(adapter.asString(""), version.asInt(1));
    }
}
