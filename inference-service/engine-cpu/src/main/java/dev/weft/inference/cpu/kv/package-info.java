/**
 * The paged KV cache: blocks of positions that sequences take and give back. Full blocks are shared
 * by sequences of one adapter (or the base) and one owner that begin with the same tokens, and stay
 * for later ones until their place is needed. The engine's owner thread owns the cache; members of
 * the team read and write the blocks within a step.
 */
@NullMarked
package dev.weft.inference.cpu.kv;

import org.jspecify.annotations.NullMarked;
