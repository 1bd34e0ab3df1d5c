/**
 * The embedded engine: real inference on any CPU, many adapters in one batch. It puts the parts
 * together and implements the engine port; any thread may call it. The batch loop owns the rest.
 */
@NullMarked
package dev.weft.inference.cpu;

import org.jspecify.annotations.NullMarked;
