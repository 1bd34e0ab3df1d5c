package dev.weft.gateway.rollout.shadow;

import java.time.Duration;

/**
 * How long a copy may take.
 *
 * @param longest a candidate that takes longer has failed
 */
public record CopyTime(Duration longest) {}
