package dev.weft.catalog.rollout;

/** What the new version is compared by. The names are those of the admin API. */
enum Bound {
    errorRate,
    firstToken,
    timePerToken,
    score
}
