package dev.weft.inference.cpu.kernel.onednn;

import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.cpu.kernel.matrix.InputForm;
import org.bytedeco.dnnl.memory;

/** What oneDNN's product of matrices multiplies; results are floats. */
enum Operands {
    /** Floats by weights in bf16, which become floats first: no input is rounded. */
    FLOATS("floats by bf16", Precision.BF16, InputForm.FLOAT),

    /** Inputs and weights in bf16, by instructions that multiply pairs, or tiles, of them. */
    PAIRS("bf16", Precision.BF16, InputForm.BF16),

    /** Signed bytes by signed bytes. */
    BYTES("int8", Precision.INT8, InputForm.INT8);

    private final String text;
    private final Precision precision;
    private final InputForm inputs;

    Operands(String text, Precision precision, InputForm inputs) {
        this.text = text;
        this.precision = precision;
        this.inputs = inputs;
    }

    /** The words for messages. */
    String text() {
        return text;
    }

    /** The precision of the weights. */
    Precision precision() {
        return precision;
    }

    InputForm inputs() {
        return inputs;
    }

    memory.data_type inputType() {
        return switch (this) {
            case FLOATS -> memory.data_type.f32;
            case PAIRS -> memory.data_type.bf16;
            case BYTES -> memory.data_type.s8;
        };
    }

    memory.data_type weightType() {
        return switch (precision) {
            case BF16 -> memory.data_type.bf16;
            case INT8 -> memory.data_type.s8;
        };
    }
}
