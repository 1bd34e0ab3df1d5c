@NullMarked
package dev.weft.inference.cpu.kernel.matrix;

import org.jspecify.annotations.NullMarked;
