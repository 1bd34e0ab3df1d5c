/**
 * Where workers are: the deployment file's list, DNS, Kubernetes and the catalog. Each source tells
 * the workers that it knows whenever they change; {@link dev.weft.gateway.discovery.Discovery}
 * makes one list of them, with which the pool of workers is kept up to date. A source that fails
 * takes nobody off the list. Sources run in loops of their own.
 */
@NullMarked
package dev.weft.gateway.discovery;

import org.jspecify.annotations.NullMarked;
