package dev.weft.inference.cpu.kernel.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LargePagesTest {
    private static final long MIB = 1L << 20;

    @ParameterizedTest
    @ValueSource(longs = {0, 100, 3 * MIB, 64 * MIB})
    void givesZeroedAlignedMemoryThatDoesNotOverlap(long slab) {
        try (LargePages memory = new LargePages(slab)) {
            List<MemorySegment> segments = new ArrayList<>();
            for (long bytes : new long[] {1, 63, 64, 4_097, 5 * MIB, 2 * MIB, 7}) {
                segments.add(memory.allocate(bytes, 64));
            }
            for (int i = 0; i < segments.size(); i++) {
                MemorySegment segment = segments.get(i);
                assertThat(segment.address() % 64).isZero();
                assertThat(segment.get(ValueLayout.JAVA_BYTE, 0)).isZero();
                assertThat(segment.get(ValueLayout.JAVA_BYTE, segment.byteSize() - 1)).isZero();
                segment.fill((byte) (i + 1));
            }
            for (int i = 0; i < segments.size(); i++) {
                byte expected = (byte) (i + 1);
                byte[] found = segments.get(i).toArray(ValueLayout.JAVA_BYTE);
                assertThat(found).containsOnly(expected);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 64 * MIB})
    void isNotToBeReachedOnceClosed(long slab) {
        LargePages memory = new LargePages(slab);
        MemorySegment segment = memory.allocate(3 * MIB, 64);
        memory.close();
        assertThat(memory.scope().isAlive()).isFalse();
        assertThatIllegalStateException().isThrownBy(() -> segment.get(ValueLayout.JAVA_BYTE, 0));
    }
}
