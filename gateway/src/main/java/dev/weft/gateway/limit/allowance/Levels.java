package dev.weft.gateway.limit.allowance;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is left of a minute's allowances after a claim.
 *
 * @param requests null if they are not limited, or were not asked for
 * @param tokens null if they are not limited, or were not asked for
 */
public record Levels(@Nullable Level requests, @Nullable Level tokens) {
    /**
     * The level of one allowance.
     *
     * @param remaining what is left, not below 0
     * @param reset when all would be left
     */
    public record Level(long remaining, Duration reset) {
        public Level {
            remaining = Math.max(0, remaining);
        }
    }
}
