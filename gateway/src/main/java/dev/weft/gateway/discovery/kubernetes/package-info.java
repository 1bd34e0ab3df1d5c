/**
 * Finds the workers behind a Service of Kubernetes, by its EndpointSlices. No other package uses
 * the client of Kubernetes, and its classes are loaded only if a Service is named.
 */
@NullMarked
package dev.weft.gateway.discovery.kubernetes;

import org.jspecify.annotations.NullMarked;
