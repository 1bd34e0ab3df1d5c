package dev.weft.inference.cpu.model;

import dev.weft.inference.cpu.kernel.matrix.Linear;
import dev.weft.inference.cpu.kernel.vector.RmsNorm;

/**
 * The feed-forward part of a block.
 *
 * @param norm of its input
 * @param gateUp gate on top of up: {@code [2 * intermediate][hidden]}
 * @param down {@code [hidden][intermediate]}
 */
record MlpWeights(RmsNorm norm, Linear gateUp, Linear down) {}
