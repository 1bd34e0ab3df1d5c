/** Gemma 2 and 3: norms around each part, alternating windows, capped scores. */
@NullMarked
package dev.weft.format.family.gemma;

import org.jspecify.annotations.NullMarked;
