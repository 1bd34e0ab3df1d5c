package dev.weft.format.decoder;

/** Where a checkpoint has the weights of experts, below the layer. */
public sealed interface ExpertTensors {
    /**
     * A matrix for each projection and expert: {@code PREFIX.E.gate.weight}, {@code [out][in]}.
     *
     * @param prefix the part of the name in front of the expert's number
     */
    record Single(String prefix, String gate, String up, String down) implements ExpertTensors {}

    /**
     * One tensor for all experts, {@code [expert][in][out]}; columns of gate and up take turns.
     * Each projection has a bias, {@code NAME_bias}, {@code [expert][out]}.
     *
     * @param prefix the part of the name in front of the projection
     */
    record Interleaved(String prefix, String gateUp, String down) implements ExpertTensors {}
}
