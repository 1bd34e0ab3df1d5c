/**
 * Copies of packed weights on disk, which later starts map instead of packing anew, and share. It
 * owns the files of its folder; a thread of its own writes a copy once all is packed. A copy that
 * is damaged, or was made of something else, is never used.
 */
@NullMarked
package dev.weft.inference.cpu.packed;

import org.jspecify.annotations.NullMarked;
