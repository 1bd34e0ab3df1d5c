package dev.weft.inference.cpu.kernel.onednn;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class OneDnnProductTest {
    /** oneDNN says "could not create a primitive descriptor" and names its own variables. */
    @Test
    void aProductThatOneDnnHasNoKernelForIsNamedInPlainWords() {
        OneDnn dnn = OneDnnHere.with(Operands.BYTES);
        assertThatThrownBy(() ->
                        OneDnnProduct.prepare(
                                dnn,
                                new OneDnnProduct.Key(
                                        Operands.BYTES, 16, new InputBlock(0, 256, 256), 128, 128),
                                OneDnnProduct.anyWeights(Operands.BYTES, 100, 128)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "oneDNN has no kernel here for 16 rows by 256 inputs by 128 outputs in"
                                + " int8");
    }
}
