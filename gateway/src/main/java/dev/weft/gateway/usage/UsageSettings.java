package dev.weft.gateway.usage;

import dev.weft.settings.Allowed;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code weft.gateway.usage}.
 *
 * @param enabled The gateway counts what keys, tenants and adapters use, and hands the counts to
 *     the catalog every second. Without it budgets of keys are not spent.
 * @param prices What a million tokens of prompts and of answers cost, in any unit, by model; the
 *     first that fits counts, and a model that none fits costs nothing. A new price counts from
 *     then on.
 */
@ConfigurationProperties("weft.gateway.usage")
public record UsageSettings(
        @DefaultValue("true") boolean enabled,
        @DefaultValue @Allowed(Price.ALLOWED) List<Price> prices) {
    public UsageSettings {
        prices = List.copyOf(prices);
    }
}
