package dev.weft.inference.cpu.kernel.matrix;

/** The size of a linear layer: inputs and outputs. */
public record Shape(int in, int out) {
    @Override
    public String toString() {
        return in + "x" + out;
    }
}
