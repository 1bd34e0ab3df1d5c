/**
 * The forward pass of decoder models over the rows of a batch, whatever their adapters. Owns the
 * buffers of a step; what it computes with is in {@code weights}. The owner thread prepares a step,
 * all members of the team run it.
 */
@NullMarked
package dev.weft.inference.cpu.model;

import org.jspecify.annotations.NullMarked;
