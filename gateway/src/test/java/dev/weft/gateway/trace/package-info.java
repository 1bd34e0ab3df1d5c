@NullMarked
package dev.weft.gateway.trace;

import org.jspecify.annotations.NullMarked;
