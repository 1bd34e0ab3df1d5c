package dev.weft.protocol.shadow;

import dev.weft.protocol.json.SenderName;
import java.util.Map;

/**
 * The demand that a gateway sends when it asks for its orders. It may be sent again: its numbers
 * are counted from the beginning of the gateway's run.
 *
 * @param instance a run of a gateway; never used again after its end
 * @param tokens by shadow, the tokens that it would like to be granted in all
 */
public record ShadowDemand(String instance, Map<Long, Long> tokens) {
    /** The path at which the catalog gives orders. */
    public static final String PATH = "/rollout/v1/shadows";

    /** Shadows that run at once, of all tenants: the catalog starts no more. */
    public static final int MOST = 100;

    public ShadowDemand {
        SenderName.check("instance", instance);
        if (tokens.size() > MOST) {
            throw new IllegalArgumentException(
                    tokens.size() + " shadows; allowed are at most " + MOST);
        }
        tokens = Map.copyOf(tokens);
    }
}
