/**
 * Who takes part in the next step: requests as rows, whose turn it is, which prompts are cut where,
 * and who gives its place in the KV cache up. Computes nothing of a model, so that tests run it
 * without one. Owner thread only, but for cancelling a row.
 */
@NullMarked
package dev.weft.inference.cpu.batch.schedule;

import org.jspecify.annotations.NullMarked;
