/**
 * Faults of requests, each with field, value and the allowed values, and the exceptions with the
 * HTTP status of the answer. The package has only values and knows nothing else of the catalog.
 */
@NullMarked
package dev.weft.catalog.fault;

import org.jspecify.annotations.NullMarked;
