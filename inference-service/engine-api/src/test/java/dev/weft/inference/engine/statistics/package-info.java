/** Tests of what engines count. */
@NullMarked
package dev.weft.inference.engine.statistics;

import org.jspecify.annotations.NullMarked;
