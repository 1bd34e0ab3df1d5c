/**
 * Workers: what they report to hold, and what owners order them to hold. The package owns tables
 * {@code workers} and {@code worker_orders}. Handlers and reports run on virtual threads; one loop
 * forgets workers that are gone.
 */
@NullMarked
package dev.weft.catalog.worker;

import org.jspecify.annotations.NullMarked;
