/**
 * Reader and writer of the safetensors format. Files are memory-mapped; headers are checked before
 * anything is trusted.
 */
@NullMarked
package dev.weft.format.safetensors;

import org.jspecify.annotations.NullMarked;
