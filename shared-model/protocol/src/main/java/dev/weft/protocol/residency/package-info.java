/**
 * The messages of workers and the catalog about adapters: which ones a worker holds, in which tier,
 * and which ones it is asked to hold. The package has values and their JSON, and does no input or
 * output.
 */
@NullMarked
package dev.weft.protocol.residency;

import org.jspecify.annotations.NullMarked;
