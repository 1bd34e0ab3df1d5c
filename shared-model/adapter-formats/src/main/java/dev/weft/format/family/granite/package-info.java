/** Granite: Llama's blocks with multipliers. */
@NullMarked
package dev.weft.format.family.granite;

import org.jspecify.annotations.NullMarked;
