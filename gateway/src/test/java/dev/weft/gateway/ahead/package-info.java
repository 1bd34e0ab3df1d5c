@NullMarked
package dev.weft.gateway.ahead;

import org.jspecify.annotations.NullMarked;
