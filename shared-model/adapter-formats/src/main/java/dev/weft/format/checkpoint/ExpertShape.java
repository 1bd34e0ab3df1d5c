package dev.weft.format.checkpoint;

import dev.weft.format.decoder.ExpertTensors;

/**
 * The experts of a layer.
 *
 * @param width elements between an expert's linear layers
 */
public record ExpertShape(int count, int hiddenSize, int width, ExpertTensors tensors) {}
