@NullMarked
package dev.weft.inference.cpu.kernel.math;

import org.jspecify.annotations.NullMarked;
