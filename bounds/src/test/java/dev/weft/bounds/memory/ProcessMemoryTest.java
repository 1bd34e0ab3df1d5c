package dev.weft.bounds.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessMemoryTest {
    private final ProcessMemory memory = new ProcessMemory(1_000);

    @Test
    void givesWhatThereIsAndNoMore() {
        try (ProcessMemory.Claim first = memory.claim();
                ProcessMemory.Claim second = memory.claim()) {
            assertThat(first.more(600)).isTrue();
            assertThat(second.more(401)).isFalse();
            assertThat(second.more(400)).isTrue();
            assertThat(first.neverHas(400)).isFalse();
            assertThat(first.neverHas(401)).isTrue();
            first.less(100);
            assertThat(second.more(100)).isTrue();
            assertThat(memory.takenBytes()).isEqualTo(1_000);
        }
        assertThat(memory.takenBytes()).isZero();
    }

    @Test
    void countsNothingTwiceWhereAClaimEndsMoreThanOnce() {
        ProcessMemory.Claim claim = memory.claim();
        claim.more(300);
        claim.close();
        claim.close();
        claim.less(300);
        claim.more(5);

        assertThat(memory.takenBytes()).isZero();
    }

    @Test
    void holdsWhereManyAskAtOnce() throws Exception {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            threads.add(
                    Thread.ofVirtual()
                            .start(() -> {
                                for (int round = 0; round < 10_000; round++) {
                                    try (ProcessMemory.Claim claim = memory.claim()) {
                                        claim.more(round % 400);
                                    }
                                }
                            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(memory.takenBytes()).isZero();
    }
}
