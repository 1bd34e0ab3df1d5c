@NullMarked
package dev.weft.format.pooling;

import org.jspecify.annotations.NullMarked;
