package dev.weft.inference.server.measure.rounded;

/** A layout of weights in 4 bits, with the rounding that is usual in it. */
public enum RoundedForm {
    /**
     * GPTQ's first format, symmetric, with {@code desc_act}: each matrix sorts its inputs by the
     * length of their weights, for lack of samples.
     */
    GPTQ(true, true),

    /** AWQ's gemm, with zeros; inputs are not scaled, as AWQ would by samples. */
    AWQ(false, false),

    /** compressed-tensors' pack-quantized, symmetric. */
    PACKED(true, false);

    private final boolean symmetric;
    private final boolean sorted;

    RoundedForm(boolean symmetric, boolean sorted) {
        this.symmetric = symmetric;
        this.sorted = sorted;
    }

    /** Whether the code 8 stands for 0 in all groups. */
    boolean isSymmetric() {
        return symmetric;
    }

    /** Whether a group has inputs with similar weights, instead of neighbours. */
    boolean isSorted() {
        return sorted;
    }

    /** config.json's {@code quantization_config}. */
    String json(int group) {
        return switch (this) {
            case GPTQ ->
                    """
                    {"quant_method": "gptq", "bits": 4, "group_size": %d, "desc_act": true,
                     "sym": true, "checkpoint_format": "gptq"}
                    """
                            .formatted(group);
            case AWQ ->
                    """
                    {"quant_method": "awq", "bits": 4, "group_size": %d, "zero_point": true,
                     "version": "gemm"}
                    """
                            .formatted(group);
            case PACKED ->
                    """
                    {"quant_method": "compressed-tensors", "format": "pack-quantized",
                     "quantization_status": "compressed", "ignore": ["lm_head"],
                     "config_groups": {"group_0": {"targets": ["Linear"], "weights": {
                      "num_bits": 4, "type": "int", "symmetric": true, "strategy": "group",
                      "group_size": %d}, "input_activations": null}}}
                    """
                            .formatted(group);
        };
    }
}
