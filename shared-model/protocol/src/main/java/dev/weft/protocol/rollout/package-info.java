/**
 * The reports by which gateways tell the catalog how versions of a divided name, and shadows,
 * answer, so that the catalog can compare them. Values and their JSON; no threads.
 */
@NullMarked
package dev.weft.protocol.rollout;

import org.jspecify.annotations.NullMarked;
