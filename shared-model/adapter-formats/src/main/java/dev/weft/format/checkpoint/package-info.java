/**
 * Hugging Face checkpoints: config.json by its family, generation_config.json and the tensors of a
 * folder, sharded or not. Read-only.
 */
@NullMarked
package dev.weft.format.checkpoint;

import org.jspecify.annotations.NullMarked;
