/**
 * Decoder models from Hugging Face checkpoints: immutable packed weights and the forward pass over
 * the rows of a batch, whatever their adapters.
 */
@NullMarked
package dev.weft.inference.cpu.model;

import org.jspecify.annotations.NullMarked;
