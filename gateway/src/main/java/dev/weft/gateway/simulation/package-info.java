/**
 * Simulates traffic, workers and gateways to compare ways of routing. Each way runs in one thread
 * of its own, hours of traffic in seconds; equal seeds give equal results. The gateway's own code
 * makes the choices.
 */
@NullMarked
package dev.weft.gateway.simulation;

import org.jspecify.annotations.NullMarked;
