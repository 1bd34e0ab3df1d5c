package dev.weft.bounds.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessMemoryTest {
    private final ProcessMemory memory = new ProcessMemory(1_000);

    @Test
    void givesATenantsRequestsSevenEighthsAndNoMore() {
        try (ProcessMemory.Claim first = memory.claim("a");
                ProcessMemory.Claim second = memory.claim("a")) {
            assertThat(first.more(600)).isTrue();
            assertThat(second.more(276)).isFalse();
            assertThat(second.more(275)).isTrue();
            first.less(100);
            assertThat(second.more(100)).isTrue();
            assertThat(memory.takenBytes()).isEqualTo(875);
        }
        assertThat(memory.takenBytes()).isZero();
    }

    @Test
    void givesATenantsOnlyRequestAllThatIsFree() {
        try (ProcessMemory.Claim only = memory.claim("a")) {
            assertThat(only.more(900)).isTrue();
            assertThat(only.neverHas(100)).isFalse();
            assertThat(only.neverHas(101)).isTrue();
            assertThat(only.more(101)).isFalse();
            assertThat(only.more(100)).isTrue();
        }
    }

    /** However many tenants flood, the next one gets something, and none gets more than a share. */
    @Test
    void leavesSomethingToWhoComesNext() {
        for (int floods = 1; floods <= 20; floods++) {
            ProcessMemory shared = new ProcessMemory(1_000_000);
            List<ProcessMemory.Claim> claims = new ArrayList<>();
            for (int i = 0; i < floods; i++) {
                claims.add(shared.claim("flood " + i));
                claims.add(shared.claim("flood " + i));
            }
            claims.forEach(claim -> claim.more(1));
            List<ProcessMemory.Claim> asking = new ArrayList<>(claims);
            while (!asking.isEmpty()) {
                asking.removeIf(claim -> !claim.more(1_000));
            }

            long least = 1_000_000L / (7 * floods + 1) - 1_000;
            assertThat(1_000_000 - shared.takenBytes()).isGreaterThan(least);
            try (ProcessMemory.Claim next = shared.claim("next")) {
                assertThat(next.more(least / 2)).isTrue();
            }
            claims.forEach(ProcessMemory.Claim::close);
            assertThat(shared.takenBytes()).isZero();
        }
    }

    @Test
    void countsNothingTwiceWhereAClaimEndsMoreThanOnce() {
        ProcessMemory.Claim claim = memory.claim("a");
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
                                    try (ProcessMemory.Claim claim = memory.claim("a")) {
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

    @Test
    void tellsWhatIsTakenAndFree() {
        try (ProcessMemory.Claim claim = memory.claim("a")) {
            claim.more(300);

            var points = ((GaugeSnapshot) new MemoryMetrics(memory).collect()).getDataPoints();

            assertThat(points)
                    .extracting(point -> point.getLabels().get("state"), point -> point.getValue())
                    .containsOnly(tuple("used", 300.0), tuple("free", 700.0));
        }
    }
}
