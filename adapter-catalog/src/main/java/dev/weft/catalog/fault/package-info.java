/**
 * What can be wrong with what was asked: each fault with field, value and what is allowed, and the
 * exceptions that say what HTTP answers. Values only; knows nothing else of the catalog.
 */
@NullMarked
package dev.weft.catalog.fault;

import org.jspecify.annotations.NullMarked;
