/**
 * Workers behind a Service of Kubernetes, by its EndpointSlices. Nothing else of Weft knows the
 * client of Kubernetes, and none of it is loaded unless a Service is named.
 */
@NullMarked
package dev.weft.gateway.discovery.kubernetes;

import org.jspecify.annotations.NullMarked;
