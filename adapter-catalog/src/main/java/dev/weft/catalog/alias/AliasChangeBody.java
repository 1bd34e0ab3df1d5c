package dev.weft.catalog.alias;

import dev.weft.catalog.version.AliasTarget;
import dev.weft.catalog.version.AliasTargetBody;
import dev.weft.catalog.web.JsonBody;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.feed.Share;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The body of a PUT that sets or moves an alias. */
@Schema(
        name = "AliasChange",
        description = "Where an alias is to lead",
        requiredProperties = "targets")
record AliasChangeBody(
        @Schema(description = "1 to 16 versions that are Ready, of the alias's tenant")
                List<AliasTargetBody> targets) {
    static final String VERSION =
            """
            {"targets": [{"adapter": "sql", "version": 1}]}\
            """;

    static final String CANARY =
            """
            {"targets": [{"adapter": "sql", "version": 1, "weight": 90},
             {"adapter": "french", "version": 1, "weight": 10}]}\
            """;

    private static final int MOST = 16;
    private static final Set<String> FIELDS = Set.of("adapter", "version", "weight");

    static List<AliasTarget> read(byte @Nullable [] bytes) {
        JsonBody body = new JsonBody(bytes, "targets");
        JsonNode list = body.field("targets");
        if (!list.isArray() || list.isEmpty() || list.size() > MOST) {
            body.fault("targets", list, "a list of 1 to " + MOST + " targets");
            body.check();
        }
        List<AliasTarget> targets = new ArrayList<>();
        for (int place = 0; place < list.size(); place++) {
            JsonNode target = list.get(place);
            String prefix = "targets[" + place + "].";
            body.unknown(prefix, target, FIELDS);
            JsonNode adapter = target.path("adapter");
            if (!adapter.isString() || !AdapterId.isName(adapter.asString())) {
                body.fault(prefix + "adapter", adapter, AdapterId.NAME_RULE);
            }
            int version = number(body, prefix + "version", target.path("version"), 0);
            int weight = number(body, prefix + "weight", target.path("weight"), 1);
            if (version > 0 && weight > 0) {
                targets.add(new AliasTarget(adapter.asString(""), version, weight));
            }
        }
        body.check();
        return targets;
    }

    /**
     * @param otherwise the value if the field is left out; 0 if the field is required
     * @return the number; 0 if it isn't allowed
     */
    private static int number(JsonBody body, String field, JsonNode found, int otherwise) {
        if (found.isMissingNode() && otherwise > 0) {
            return otherwise;
        }
        if (found.isIntegralNumber()
                && found.canConvertToInt()
                && found.asInt() >= 1
                && found.asInt() <= Share.LARGEST_WEIGHT) {
            return found.asInt();
        }
        body.fault(field, found, "1 to " + Share.LARGEST_WEIGHT);
        return 0;
    }
}
