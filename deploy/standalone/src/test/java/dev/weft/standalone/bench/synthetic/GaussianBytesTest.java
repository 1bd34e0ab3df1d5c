package dev.weft.standalone.bench.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class GaussianBytesTest {
    @Test
    void numbersAreGaussian() {
        int count = 200_001;
        byte[] bytes = new byte[2 * count + 2];
        new GaussianBytes(1).fill(bytes, 2, count, 0.25, new SplittableRandom(2));
        double sum = 0;
        double squares = 0;
        int within = 0;
        for (int i = 0; i < count; i++) {
            int bits = (bytes[2 + 2 * i] & 0xff) << 16 | bytes[3 + 2 * i] << 24;
            double value = Float.intBitsToFloat(bits);
            sum += value;
            squares += value * value;
            within += Math.abs(value) <= 0.25 ? 1 : 0;
        }
        assertThat(bytes[0]).isZero();
        assertThat(bytes[1]).isZero();
        assertThat(sum / count).isCloseTo(0, within(0.003));
        assertThat(Math.sqrt(squares / count)).isCloseTo(0.25, within(0.003));
        assertThat((double) within / count).isCloseTo(0.6827, within(0.006));
    }
}
