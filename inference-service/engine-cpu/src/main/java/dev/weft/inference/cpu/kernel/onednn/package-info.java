/**
 * Linear layers on oneDNN, and the kernel for single rows that has the bits of oneDNN's. The only
 * package that calls the library. It owns what it prepares, separately for each member of the team.
 */
@NullMarked
package dev.weft.inference.cpu.kernel.onednn;

import org.jspecify.annotations.NullMarked;
