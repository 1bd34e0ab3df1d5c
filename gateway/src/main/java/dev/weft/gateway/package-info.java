/**
 * The one address that clients use. It looks the name in {@code model} up in a view of the catalog
 * and forwards the request to a worker. It keeps one thing on disk: the counts of usage that the
 * catalog has not taken yet.
 */
@NullMarked
package dev.weft.gateway;

import org.jspecify.annotations.NullMarked;
