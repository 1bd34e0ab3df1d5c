/** Hunyuan dense: norms of queries and keys after the rotation. */
@NullMarked
package dev.weft.format.family.hunyuan;

import org.jspecify.annotations.NullMarked;
