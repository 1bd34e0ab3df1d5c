@NullMarked
package dev.weft.inference.cpu.batch.schedule;

import org.jspecify.annotations.NullMarked;
