@NullMarked
package dev.weft.inference.cpu.kernel.trial;

import org.jspecify.annotations.NullMarked;
