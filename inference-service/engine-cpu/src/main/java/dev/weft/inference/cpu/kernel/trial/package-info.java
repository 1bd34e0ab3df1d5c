/**
 * Chooses the kernels of each shape by measuring them on this machine, keeps the choice in a file,
 * and brings kernels that the JVM compiles to their speed before they are used. The thread that
 * packs a model calls it.
 */
@NullMarked
package dev.weft.inference.cpu.kernel.trial;

import org.jspecify.annotations.NullMarked;
