/**
 * The files of an adapter's folder: the allowed ones, opened and mapped, with those that bring a
 * chat template. Mappings live as long as the arena that the caller gives.
 */
@NullMarked
package dev.weft.format.lora.file;

import org.jspecify.annotations.NullMarked;
