/**
 * Finds out what a request is for: a base, or a version of an adapter, by the name that the client
 * gave and what the catalog says of it.
 */
@NullMarked
package dev.weft.gateway.routing.name;

import org.jspecify.annotations.NullMarked;
