/**
 * Measures the answers to names that lead to several versions, and those of shadows, and reports
 * the figures to the catalog, which compares the versions. Nothing is kept on the disk: a gateway
 * that is killed loses what it measured since its last report, a second as a rule. One loop.
 */
@NullMarked
package dev.weft.gateway.rollout;

import org.jspecify.annotations.NullMarked;
