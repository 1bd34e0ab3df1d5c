package dev.weft.inference.cpu.kernel.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LargePagesTest {
    private static final long MIB = 1L << 20;

    private static final Pattern RANGE = Pattern.compile("([0-9a-f]+)-([0-9a-f]+) ");

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

    /** In mode {@code always} it would take a large page, however little of it is used. */
    @ParameterizedTest
    @ValueSource(longs = {0, 3 * MIB})
    void whatFillsNoLargePageLiesInSmallOnes(long slab) throws IOException {
        assumeThat(Path.of("/sys/kernel/mm/transparent_hugepage/enabled"))
                .as("the system has large pages")
                .exists();
        try (LargePages memory = new LargePages(slab)) {
            long bytes = slab == 0 ? 64 << 10 : slab;
            MemorySegment segment = memory.allocate(bytes, 64);
            assertThat(flags(segment.address() + bytes - 1)).contains("nh").doesNotContain("hg");
            if (slab > 0) {
                assertThat(flags(segment.address())).contains("hg").doesNotContain("nh");
            }
        }
    }

    /** The system's flags of the mapping that an address is in. */
    private static List<String> flags(long address) throws IOException {
        boolean isInIt = false;
        for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
            Matcher range = RANGE.matcher(line);
            if (range.lookingAt()) {
                long from = Long.parseUnsignedLong(range.group(1), 16);
                long to = Long.parseUnsignedLong(range.group(2), 16);
                isInIt = from <= address && address < to;
            } else if (isInIt && line.startsWith("VmFlags:")) {
                return List.of(line.substring(8).strip().split(" ", -1));
            }
        }
        throw new AssertionError("nothing is mapped at " + Long.toHexString(address));
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
