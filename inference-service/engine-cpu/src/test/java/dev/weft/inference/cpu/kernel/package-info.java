@NullMarked
package dev.weft.inference.cpu.kernel;

import org.jspecify.annotations.NullMarked;
