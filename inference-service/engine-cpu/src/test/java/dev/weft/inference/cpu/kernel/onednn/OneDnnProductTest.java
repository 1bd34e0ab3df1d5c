package dev.weft.inference.cpu.kernel.onednn;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.inference.cpu.kernel.math.Precision;
import org.junit.jupiter.api.Test;

class OneDnnProductTest {
    /** oneDNN says "could not create a primitive descriptor" and names its own variables. */
    @Test
    void aProductThatOneDnnHasNoKernelForIsNamedInPlainWords() {
        OneDnn dnn = OneDnnHere.with(Precision.INT8);
        assertThatThrownBy(() ->
                        OneDnnProduct.prepare(
                                dnn,
                                new OneDnnProduct.Key(Precision.INT8, 16, 256, 128, 128),
                                OneDnnProduct.anyWeights(Precision.INT8, 100, 128)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "oneDNN has no kernel here for 16 rows by 256 inputs by 128 outputs in"
                                + " int8");
    }
}
