package dev.weft.gateway.queue;

import dev.weft.settings.Allowed;
import dev.weft.settings.SizeRange;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import java.time.Duration;
import java.util.List;
import org.hibernate.validator.constraints.Range;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * {@code weft.gateway.queue}.
 *
 * @param maxRequests Most requests that wait at the gateway for a worker of one base. Beyond it a
 *     waiting request of lower priority has to go, or one of a tenant that has more than its share;
 *     else the new one is refused.
 * @param maxBytes Most bytes that the bodies of these requests have together.
 * @param maxWait Longest time that a request waits at the gateway for a worker.
 * @param adapterWait Longest time that a request waits at the gateway for an adapter that the
 *     catalog is still making ready; it counts as one that waits for a worker meanwhile. If it is
 *     longer than the keep-alive, a streamed answer may have begun when it is over, and its error
 *     is an event.
 * @param keepAlive Silence after which a streamed answer begins as a stream of comments, and
 *     longest silence between them, until its first event: while its request waits at the gateway,
 *     or at its worker. Errors after that are events of the stream, since it has begun with status
 *     200; 0 waits for the answer's own status however long it takes.
 * @param workerBacklog Requests beyond its rows that a worker is given before it counts as full, as
 *     a multiple of its rows. More keep its rows busy when several end at once; fewer leave the
 *     order to the gateway, which knows priorities.
 * @param workerRequests Requests at once that a worker is given that does not tell how many rows it
 *     has.
 * @param tenantWeights Shares of tenants in the queue and in what comes free.
 */
@ConfigurationProperties("weft.gateway.queue")
public record QueueSettings(
        @DefaultValue("1024") @Range(min = 0, max = 100_000) int maxRequests,
        @DefaultValue("64MiB") @SizeRange(max = "64GiB") DataSize maxBytes,
        @DefaultValue("1m") @DurationMin @DurationMax(hours = 1) Duration maxWait,
        @DefaultValue("10s") @DurationMin @DurationMax(hours = 1) Duration adapterWait,
        @DefaultValue("15s") @DurationMin @DurationMax(hours = 1) Duration keepAlive,
        @DefaultValue("1.0") @Allowed("a number from 0 to 100") @DecimalMin("0") @DecimalMax("100")
                double workerBacklog,
        @DefaultValue("1024") @Range(min = 1, max = 100_000) int workerRequests,
        @DefaultValue @Allowed(TenantWeight.ALLOWED) List<TenantWeight> tenantWeights) {
    public QueueSettings {
        tenantWeights = List.copyOf(tenantWeights);
    }
}
