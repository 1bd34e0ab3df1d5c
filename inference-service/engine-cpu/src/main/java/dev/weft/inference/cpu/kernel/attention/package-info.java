/**
 * Attention over the cache's blocks, on the Vector API: by tiles of queries, or a row's in parts
 * for all members of a team. Each sum runs in one order, whoever computes it. Buffers belong to one
 * thread, or to one row.
 */
@NullMarked
package dev.weft.inference.cpu.kernel.attention;

import org.jspecify.annotations.NullMarked;
