package dev.weft.catalog.settings;

import dev.weft.catalog.fault.TenantRoom;
import org.hibernate.validator.constraints.Range;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code weft.catalog.tenant}: what one tenant may have, so that its owners can't slow the catalog
 * and the gateways down for others. What a tenant has when a bound is lowered stays.
 *
 * @param adapters Names of adapters of one tenant.
 * @param aliases Aliases of one tenant.
 * @param rollouts Rollouts of one tenant that run or are paused.
 * @param shadows Shadows of one tenant that run; all tenants together have 100 at most.
 */
@ConfigurationProperties("weft.catalog.tenant")
public record TenantSettings(
        @DefaultValue("10000") @Range(min = 1, max = 1_000_000) int adapters,
        @DefaultValue("10000") @Range(min = 1, max = 1_000_000) int aliases,
        @DefaultValue("100") @Range(min = 1, max = 10_000) int rollouts,
        @DefaultValue("10") @Range(min = 1, max = 100) int shadows) {
    public TenantRoom roomForAdapters() {
        return room("adapters", adapters);
    }

    public TenantRoom roomForAliases() {
        return room("aliases", aliases);
    }

    public TenantRoom roomForRollouts() {
        return room("rollouts", rollouts);
    }

    public TenantRoom roomForShadows() {
        return room("shadows", shadows);
    }

    private static TenantRoom room(String what, int most) {
        return new TenantRoom(what, most, "weft.catalog.tenant." + what);
    }
}
