@NullMarked
package dev.weft.inference.cpu.packed;

import org.jspecify.annotations.NullMarked;
