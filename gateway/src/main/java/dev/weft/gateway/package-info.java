/**
 * The one address clients use: looks the name in {@code model} up in a view of the catalog and
 * forwards to a worker. Keeps no state on disk.
 */
@NullMarked
package dev.weft.gateway;

import org.jspecify.annotations.NullMarked;
