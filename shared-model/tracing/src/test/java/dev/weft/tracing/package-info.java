@NullMarked
package dev.weft.tracing;

import org.jspecify.annotations.NullMarked;
