package dev.weft.inference.cpu.kernel.math;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.cpu.kernel.matrix.Activations;
import dev.weft.inference.cpu.kernel.matrix.InputForm;
import java.lang.foreign.Arena;
import jdk.incubator.vector.FloatVector;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class VectorMathTest {
    @Test
    void theExponentialIsCloseToTheRealOneOverItsWholeRange() {
        for (float x = -87f; x < 88f; x += 0.0371f) {
            float[] lanes = VectorMath.exp(FloatVector.broadcast(VectorMath.FLOATS, x)).toArray();
            double expected = Math.exp(x);
            assertThat(lanes[0] / expected).as("exp(%s)", x).isCloseTo(1.0, Offset.offset(4e-7));
        }
    }

    @Test
    void bf16IsToNearestEvenAndLeavesTheFloats() {
        try (Arena arena = Arena.ofConfined()) {
            int count = 37;
            Activations x = Activations.allocate(arena, 1, count);
            for (int i = 0; i < count; i++) {
                x.floats().set(0, i, 1.001f * i - 7.77f);
            }
            x.prepare(0, InputForm.BF16);
            float[] read = new float[count];
            Conversions.fromBf16(x.bf16(), read);
            for (int i = 0; i < count; i++) {
                assertThat(x.floats().get(0, i)).isEqualTo(1.001f * i - 7.77f);
                assertThat(read[i]).isEqualTo(Bf16.toFloat(Bf16.of(1.001f * i - 7.77f)));
            }
        }
    }
}
