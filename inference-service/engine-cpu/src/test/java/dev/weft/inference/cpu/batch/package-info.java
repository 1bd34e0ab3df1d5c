@NullMarked
package dev.weft.inference.cpu.batch;

import org.jspecify.annotations.NullMarked;
