package dev.weft.inference.cpu.lora;

/**
 * A linear layer of an expert, as the engine has it: gate and up are one.
 *
 * @param down whether it is the layer behind the activation
 */
public record ExpertSite(int layer, int expert, boolean down) {}
