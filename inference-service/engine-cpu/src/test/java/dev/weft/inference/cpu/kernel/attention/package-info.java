@NullMarked
package dev.weft.inference.cpu.kernel.attention;

import org.jspecify.annotations.NullMarked;
