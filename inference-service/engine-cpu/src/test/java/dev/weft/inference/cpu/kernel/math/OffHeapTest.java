package dev.weft.inference.cpu.kernel.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OffHeapTest {
    @Test
    void memoryOfEachArenaIsTheSameSegment() {
        try (Arena confined = Arena.ofConfined();
                Arena shared = Arena.ofShared()) {
            for (Arena arena : new Arena[] {Arena.global(), Arena.ofAuto(), confined, shared}) {
                MemorySegment segment = arena.allocate(8);
                assertThat(OffHeap.of(segment)).isSameAs(segment);
                assertThat(OffHeap.of(segment.asSlice(4))).isEqualTo(segment.asSlice(4));
            }
        }
    }

    /** Packed weights are kept in files. */
    @Test
    void aMappedFileIsOffHeap(@TempDir Path folder) throws Exception {
        Path file = Files.write(folder.resolve("weights"), new byte[8]);
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(file)) {
            MemorySegment mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, 8, arena);
            assertThat(OffHeap.of(mapped)).isSameAs(mapped);
        }
    }

    /** It would make each loop slow that is compiled afterwards. */
    @Test
    void anArrayIsRefused() {
        MemorySegment array = MemorySegment.ofArray(new float[1]);
        assertThatThrownBy(() -> OffHeap.of(array)).isInstanceOf(ClassCastException.class);
    }
}
