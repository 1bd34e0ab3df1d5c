package dev.weft.inference.tensorrtllm.gpu;

/**
 * A GPU at one moment.
 *
 * @param index as {@code nvidia-smi} counts
 * @param utilization share of the last moments in which it ran something, 0 to 1
 */
public record Gpu(int index, long memoryUsedBytes, long memoryTotalBytes, double utilization) {}
