/**
 * Decoder models from Hugging Face checkpoints: immutable packed weights and the forward pass over
 * the rows of a batch, whatever their adapters. Owns the weights and the buffers of a step. The
 * owner thread prepares a step, all members of the team run it.
 */
@NullMarked
package dev.weft.inference.cpu.model;

import org.jspecify.annotations.NullMarked;
