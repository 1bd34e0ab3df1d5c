/**
 * Traffic, workers and gateways that exist in one thread only, to compare ways of routing, each in
 * a thread of its own: hours of traffic in seconds, the same for the same seed. Choices are made by
 * the gateway's own code.
 */
@NullMarked
package dev.weft.gateway.simulation;

import org.jspecify.annotations.NullMarked;
