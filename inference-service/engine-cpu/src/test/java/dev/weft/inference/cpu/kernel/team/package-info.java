@NullMarked
package dev.weft.inference.cpu.kernel.team;

import org.jspecify.annotations.NullMarked;
