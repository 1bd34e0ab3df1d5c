package dev.weft.gateway.limit;

import dev.weft.settings.Shown;
import dev.weft.settings.Unset;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code weft.gateway.limits}.
 *
 * @param redis Redis in which the gateways of one catalog, and no others, count what keys take of
 *     their limits; {@code rediss:} is TLS with what {@code weft.tls} says, and a password is
 *     percent-encoded. While it is away each gateway allows its share by estimate.
 * @param redisTimeout Longest time that a request waits for Redis before its gateway decides by
 *     estimate.
 */
@ConfigurationProperties("weft.gateway.limits")
public record LimitSettings(
        @Unset("the memory of each gateway, which then allows the whole limit")
                @Shown(Shown.How.WITHOUT_PASSWORD)
                @Pattern(
                        regexp =
                                "rediss?://([^\\s/@:]*:[^\\s/@:]+@)?([A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+\\])(:[0-9]{1,5})?(/[0-9]{1,4})?",
                        message = "redis://user:password@host:6379/0, or rediss: instead of redis:")
                @Nullable String redis,
        @DefaultValue("50ms") @DurationMin(millis = 1) @DurationMax(seconds = 5)
                Duration redisTimeout) {}
