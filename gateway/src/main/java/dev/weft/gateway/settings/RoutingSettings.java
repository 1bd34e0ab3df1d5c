package dev.weft.gateway.settings;

import dev.weft.settings.Allowed;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code weft.gateway.routing}.
 *
 * @param loadWeight Weight of the load when a gateway chooses the worker of a request. A worker
 *     with fewer requests of this gateway scores higher. Only the ratio of the weights counts; 0
 *     ignores the load.
 * @param affinityWeight Weight of the affinity of adapters to workers in the same choice. It keeps
 *     an adapter on few workers, where it is already loaded. With half of {@code load-weight}, an
 *     adapter leaves its first worker once that worker has 4 requests more than the second one; 0
 *     ignores the affinity.
 */
@ConfigurationProperties("weft.gateway.routing")
public record RoutingSettings(
        @DefaultValue("1.0") @Allowed("a number from 0 to 1") @DecimalMin("0") @DecimalMax("1")
                double loadWeight,
        @DefaultValue("0.5") @Allowed("a number from 0 to 1") @DecimalMin("0") @DecimalMax("1")
                double affinityWeight) {
    /** What applies where the file says nothing. */
    public static final RoutingSettings DEFAULT = new RoutingSettings(1, 0.5);
}
