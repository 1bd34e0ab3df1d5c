package dev.weft.catalog.rollout.judge;

/** What the new version is compared by. The names are those of the admin API. */
public enum Bound {
    errorRate,
    firstToken,
    timePerToken,
    score
}
