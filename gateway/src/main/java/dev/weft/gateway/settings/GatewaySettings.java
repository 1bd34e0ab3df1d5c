package dev.weft.gateway.settings;

import dev.weft.settings.SizeRange;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * {@code weft.gateway}.
 *
 * @param requestTimeout Longest silence of a worker within an answer.
 * @param maxRequestTime Longest time from when a request begins to arrive to the end of its answer,
 *     which ends with an error then; 0 for no bound. A client may ask for less with the header
 *     {@code weft-timeout}, in seconds.
 * @param maxRequestBytes Largest request body accepted. Workers take 32 MiB at most, whatever it
 *     says.
 * @param drainTimeout Longest time that requests under way have to finish when the gateway is told
 *     to end; its readiness answers 503 meanwhile. Above 2 s the process takes as much longer to
 *     end.
 */
@ConfigurationProperties("weft.gateway")
public record GatewaySettings(
        @DefaultValue("2m") @DurationMin(seconds = 1) @DurationMax(hours = 1)
                Duration requestTimeout,
        @DefaultValue("0s") @DurationMin @DurationMax(hours = 24) Duration maxRequestTime,
        @DefaultValue("8MiB") @SizeRange(min = "1KiB", max = "1GiB") DataSize maxRequestBytes,
        @DefaultValue("2s") @DurationMin @DurationMax(hours = 1) Duration drainTimeout) {}
