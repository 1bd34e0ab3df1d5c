@NullMarked
package dev.weft.inference.cpu.batch.draft;

import org.jspecify.annotations.NullMarked;
