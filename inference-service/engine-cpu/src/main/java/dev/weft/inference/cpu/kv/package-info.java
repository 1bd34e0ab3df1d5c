/**
 * The paged KV cache: blocks of positions that sequences take and give back. Owned by the engine's
 * owner thread; members of the team read and write the blocks within a step.
 */
@NullMarked
package dev.weft.inference.cpu.kv;

import org.jspecify.annotations.NullMarked;
