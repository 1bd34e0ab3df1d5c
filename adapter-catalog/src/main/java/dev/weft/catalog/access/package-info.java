/**
 * Who asks the catalog, and for which tenant. Values, and the one place that takes them out of a
 * request.
 */
@NullMarked
package dev.weft.catalog.access;

import org.jspecify.annotations.NullMarked;
