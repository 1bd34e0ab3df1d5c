/**
 * The one address that clients use. It looks the name in {@code model} up in a view of the catalog
 * and forwards the request to a worker. It keeps no state on disk.
 */
@NullMarked
package dev.weft.gateway;

import org.jspecify.annotations.NullMarked;
