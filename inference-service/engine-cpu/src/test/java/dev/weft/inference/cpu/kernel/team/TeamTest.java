package dev.weft.inference.cpu.kernel.team;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TeamTest {
    @Test
    void sharesCoverEverythingOnce() {
        try (Team team = new Team(3)) {
            AtomicIntegerArray hits = new AtomicIntegerArray(100);
            team.run(member -> {
                for (int i = member.from(100, 8); i < member.to(100, 8); i++) {
                    hits.incrementAndGet(i);
                }
            });
            for (int i = 0; i < 100; i++) {
                assertThat(hits.get(i)).isEqualTo(1);
            }
        }
    }

    @Test
    void aBarrierShowsWhatOthersWrote() {
        try (Team team = new Team(4)) {
            for (int round = 0; round < 200; round++) {
                int[] written = new int[4];
                int[] seen = new int[4];
                team.run(member -> {
                    written[member.index()] = member.index() + 1;
                    member.barrier();
                    int sum = 0;
                    for (int value : written) {
                        sum += value;
                    }
                    seen[member.index()] = sum;
                });
                assertThat(seen).containsOnly(10);
            }
        }
    }

    @Test
    void aMemberThatFailsEndsTheRegionForAllAndTheTeamGoesOn() {
        try (Team team = new Team(3)) {
            assertThatThrownBy(() ->
                            team.run(member -> {
                                if (member.index() == 1) {
                                    throw new IllegalArgumentException("broken");
                                }
                                member.barrier();
                            }))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("broken");
            int[] seen = new int[3];
            team.run(member -> {
                member.barrier();
                seen[member.index()] = 1;
            });
            assertThat(seen).containsOnly(1);
        }
    }
}
