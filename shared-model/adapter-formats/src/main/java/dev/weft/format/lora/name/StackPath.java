package dev.weft.format.lora.name;

/**
 * Where PEFT puts the tensors of a parameter of all experts. It wraps the experts once for each
 * parameter that is targeted: {@code gate_up_proj} first, {@code down_proj} around it.
 *
 * @param inner whether there is a wrapper around this one
 */
public record StackPath(int layer, boolean inner) implements TensorPlace {
    /** The module that has the parameters, below the layer. */
    public static final String EXPERTS = "mlp.experts";

    @Override
    public String text() {
        return ModulePath.LAYERS + layer + "." + EXPERTS + (inner ? ".base_layer" : "");
    }
}
