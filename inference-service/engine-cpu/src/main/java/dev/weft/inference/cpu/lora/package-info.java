/**
 * Adapters as the engine packs them, and their part of the forward pass: y += scale * B (A x) for
 * the rows of each adapter in the batch. The package owns the memory of packed adapters until the
 * shelf gives it up. Any thread packs; the members of the team read.
 */
@NullMarked
package dev.weft.inference.cpu.lora;

import org.jspecify.annotations.NullMarked;
