/**
 * Measures the answers to names that lead to several versions, and tells the catalog, which
 * compares the versions of rollouts, and those of shadows. Nothing is kept on the disk: a gateway
 * that is killed loses what it measured since its last report, a second as a rule. One loop.
 */
@NullMarked
package dev.weft.gateway.rollout;

import org.jspecify.annotations.NullMarked;
