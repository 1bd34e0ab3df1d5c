/**
 * Finds workers in the deployment file's list, DNS, Kubernetes and the catalog. Each source tells
 * all workers that it knows each time that it has looked; {@link
 * dev.weft.gateway.discovery.Discovery} makes one list of them and keeps the pool of workers up to
 * date with it. A source that fails takes nobody off the list. Sources run in loops of their own.
 */
@NullMarked
package dev.weft.gateway.discovery;

import org.jspecify.annotations.NullMarked;
