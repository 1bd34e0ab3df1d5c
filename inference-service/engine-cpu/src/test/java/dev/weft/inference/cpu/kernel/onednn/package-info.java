@NullMarked
package dev.weft.inference.cpu.kernel.onednn;

import org.jspecify.annotations.NullMarked;
