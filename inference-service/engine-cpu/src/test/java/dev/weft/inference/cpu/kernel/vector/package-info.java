@NullMarked
package dev.weft.inference.cpu.kernel.vector;

import org.jspecify.annotations.NullMarked;
