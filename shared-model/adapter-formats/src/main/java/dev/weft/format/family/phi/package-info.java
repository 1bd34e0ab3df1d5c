/** Phi 3 and 4: fused projections, longrope. */
@NullMarked
package dev.weft.format.family.phi;

import org.jspecify.annotations.NullMarked;
