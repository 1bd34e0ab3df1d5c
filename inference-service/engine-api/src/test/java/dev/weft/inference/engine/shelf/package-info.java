/** Tests of the shelf that engines share. */
@NullMarked
package dev.weft.inference.engine.shelf;

import org.jspecify.annotations.NullMarked;
