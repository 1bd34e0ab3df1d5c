/**
 * Decides which requests take part in the next step, as rows: whose turn it is, where prompts are
 * cut, and which row gives up its place in the KV cache. It computes nothing of a model, so that
 * tests run without one. Owner thread only, except for cancelling a row.
 */
@NullMarked
package dev.weft.inference.cpu.batch.schedule;

import org.jspecify.annotations.NullMarked;
