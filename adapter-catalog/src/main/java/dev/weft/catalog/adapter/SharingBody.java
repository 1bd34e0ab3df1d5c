package dev.weft.catalog.adapter;

import dev.weft.catalog.web.JsonBody;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.adapter.Audience;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Who may use an adapter. */
@Schema(
        name = "Sharing",
        description = "Who may use an adapter besides its own tenant",
        requiredProperties = "tenants")
record SharingBody(
        @Schema(
                        description =
                                "Tenants; \"*\" stands for all, an empty list for nobody else",
                        example = "[\"team-b\"]")
                List<String> tenants) {
    private static final String ALLOWED = "a list of tenants, or of \"*\" for all";

    static Audience read(byte @Nullable [] bytes) {
        JsonBody body = new JsonBody(bytes, "tenants");
        JsonNode list = body.field("tenants");
        List<String> tenants = new ArrayList<>();
        if (!list.isArray()) {
            body.fault("tenants", list, ALLOWED);
        }
        for (JsonNode tenant : list) {
            String name = tenant.isString() ? tenant.asString() : "";
            if (name.equals(Audience.ALL) || AdapterId.isName(name)) {
                tenants.add(name);
            } else {
                body.fault("tenants", tenant, ALLOWED + "; a name has " + AdapterId.NAME_RULE);
            }
        }
        body.check();
        return new Audience(tenants);
    }
}
