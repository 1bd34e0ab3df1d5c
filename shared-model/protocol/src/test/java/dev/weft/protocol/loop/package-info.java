@NullMarked
package dev.weft.protocol.loop;

import org.jspecify.annotations.NullMarked;
