@NullMarked
package dev.weft.inference.cpu.kernel.choice;

import org.jspecify.annotations.NullMarked;
