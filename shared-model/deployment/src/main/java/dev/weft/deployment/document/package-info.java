/**
 * A deployment file as it is written: YAML with the line of every value, and its faults. Immutable
 * values; any thread.
 */
@NullMarked
package dev.weft.deployment.document;

import org.jspecify.annotations.NullMarked;
