/**
 * The embedded engine: real inference on any CPU, many adapters in one batch. Puts the parts
 * together and answers for the port; any thread may call it. The batch loop owns the rest.
 */
@NullMarked
package dev.weft.inference.cpu;

import org.jspecify.annotations.NullMarked;
