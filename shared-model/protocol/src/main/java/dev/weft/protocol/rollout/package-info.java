/**
 * What gateways tell the catalog about versions that a name is divided between, and of shadows, so
 * that the catalog can compare them. Values and their JSON; no threads.
 */
@NullMarked
package dev.weft.protocol.rollout;

import org.jspecify.annotations.NullMarked;
