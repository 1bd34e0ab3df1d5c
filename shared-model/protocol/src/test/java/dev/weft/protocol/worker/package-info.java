@NullMarked
package dev.weft.protocol.worker;

import org.jspecify.annotations.NullMarked;
