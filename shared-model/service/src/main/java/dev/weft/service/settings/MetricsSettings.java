package dev.weft.service.settings;

import org.hibernate.validator.constraints.Range;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code weft.metrics}.
 *
 * @param enabled Times are measured: of requests, and by phase of the embedded engine's steps. What
 *     is counted anyway is shown in any case.
 * @param maxAdapters Adapters that have a label of their own in a service's metrics at once: the
 *     busiest. The others share the label {@code other}.
 */
@ConfigurationProperties("weft.metrics")
public record MetricsSettings(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("200") @Range(min = 0, max = 100_000) int maxAdapters) {
    /** What applies if the file says nothing. */
    public static final MetricsSettings DEFAULT = new MetricsSettings(true, 200);
}
