package dev.weft.catalog.rollout.compare;

import dev.weft.catalog.rollout.judge.RolledVersion;
import dev.weft.protocol.adapter.AdapterId;
import java.time.Instant;

/**
 * Two versions of an alias's tenant.
 *
 * @param from the version that the alias leads to, or led to before
 * @param to the candidate
 * @param startedBy name of whoever began it
 */
public record Comparison(
        AdapterId alias, RolledVersion from, RolledVersion to, String startedBy, Instant started) {}
