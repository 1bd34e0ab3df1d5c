package dev.weft.gateway.routing;

import dev.weft.settings.Allowed;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code weft.gateway.routing}.
 *
 * @param loadWeight Weight of the load when a gateway chooses the worker of a request. A worker
 *     with fewer requests scores higher. Only the ratio of the weights counts; 0 ignores the load.
 * @param residencyWeight Weight of where a worker holds the adapter in the same choice: 1 in a
 *     slot, 0.8 if a slot is free, 0.6 in host memory, 0 if another adapter must leave.
 * @param queueWeight Weight of the expected wait for a row: 1 if one is free, a half at a quarter
 *     of a second.
 * @param affinityWeight Weight of the place that an adapter has by its digest, which counts while
 *     no worker holds it in a slot. It keeps an adapter on few workers. With half of {@code
 *     load-weight}, an adapter leaves its first worker once that worker has 4 requests more than
 *     the second one; 0 ignores the affinity.
 * @param prefixWeight Weight of a conversation's beginning: the worker that was given it before
 *     scores higher.
 * @param kvWeight Weight of the free part of a worker's KV cache.
 * @param loadAhead Whether a gateway has workers load adapters before they are asked for: if the
 *     requests for an adapter became twice as many, the worker that the next one would go to.
 * @param hedgeAfter Time after which a request for a stream that has not begun is given to a second
 *     worker, too, if its prompt is new and that worker has room; the first stream that begins is
 *     taken, and the other one ended. 0 never does.
 * @param explain Whether answers have a header {@code weft-routing} that names the worker, what set
 *     it apart, and its scores. It shows clients the addresses of workers.
 */
@ConfigurationProperties("weft.gateway.routing")
public record RoutingSettings(
        @DefaultValue("1.0") @Allowed("a number from 0 to 1") @DecimalMin("0") @DecimalMax("1")
                double loadWeight,
        @DefaultValue("1.0") @Allowed("a number from 0 to 1") @DecimalMin("0") @DecimalMax("1")
                double residencyWeight,
        @DefaultValue("1.0") @Allowed("a number from 0 to 1") @DecimalMin("0") @DecimalMax("1")
                double queueWeight,
        @DefaultValue("0.5") @Allowed("a number from 0 to 1") @DecimalMin("0") @DecimalMax("1")
                double affinityWeight,
        @DefaultValue("0.5") @Allowed("a number from 0 to 1") @DecimalMin("0") @DecimalMax("1")
                double prefixWeight,
        @DefaultValue("0.25") @Allowed("a number from 0 to 1") @DecimalMin("0") @DecimalMax("1")
                double kvWeight,
        @DefaultValue("true") boolean loadAhead,
        @DefaultValue("0s") @DurationMin @DurationMax(hours = 1) Duration hedgeAfter,
        @DefaultValue("false") boolean explain) {}
