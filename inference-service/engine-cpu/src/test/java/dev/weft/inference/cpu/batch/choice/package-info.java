@NullMarked
package dev.weft.inference.cpu.batch.choice;

import org.jspecify.annotations.NullMarked;
