/** The embedded engine: real inference on any CPU, many adapters in one batch. */
@NullMarked
package dev.weft.inference.cpu;

import org.jspecify.annotations.NullMarked;
