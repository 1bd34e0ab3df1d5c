/**
 * The weights of decoder models from Hugging Face checkpoints: read, packed layer by layer, kept on
 * disk as packed, and with one adapter folded in. Immutable once they are loaded, which is the team
 * owner's work.
 */
@NullMarked
package dev.weft.inference.cpu.model.weights;

import org.jspecify.annotations.NullMarked;
