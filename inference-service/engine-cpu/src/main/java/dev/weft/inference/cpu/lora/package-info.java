/**
 * Adapters in engine slots, and their part of the forward pass: y += scale * B (A x) for the rows
 * of each adapter in the batch.
 */
@NullMarked
package dev.weft.inference.cpu.lora;

import org.jspecify.annotations.NullMarked;
