package dev.weft.inference.cpu.kernel.team;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(400)
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

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 5, 16, 17, 64})
    void aBarrierShowsWhatOthersWrote(int members) {
        try (Team team = new Team(members)) {
            for (int round = 0; round < 800 / members; round++) {
                int[] written = new int[members];
                int[] seen = new int[members];
                team.run(member -> {
                    written[member.index()] = member.index() + 1;
                    member.barrier();
                    int sum = 0;
                    for (int value : written) {
                        sum += value;
                    }
                    seen[member.index()] = sum;
                });
                assertThat(seen).containsOnly(members * (members + 1) / 2);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 16, 50})
    void noMemberPassesABarrierBeforeAllHaveCome(int members) {
        try (Team team = new Team(members)) {
            AtomicInteger behind = new AtomicInteger();
            int[] early = new int[members];
            int barriers = 50;
            team.run(member -> {
                for (int i = 1; i <= barriers; i++) {
                    behind.incrementAndGet();
                    member.barrier();
                    if (behind.get() < i * members) {
                        early[member.index()]++;
                    }
                    member.barrier();
                }
            });
            assertThat(early).containsOnly(0);
            assertThat(behind).hasValue(barriers * members);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 20})
    void aMemberThatFailsEndsTheRegionForAllAndTheTeamGoesOn(int members) {
        try (Team team = new Team(members)) {
            assertThatThrownBy(() ->
                            team.run(member -> {
                                if (member.index() == 1) {
                                    throw new IllegalArgumentException("broken");
                                }
                                member.barrier();
                            }))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("broken");
            int[] seen = new int[members];
            team.run(member -> {
                member.barrier();
                seen[member.index()] = 1;
            });
            assertThat(seen).containsOnly(1);
        }
    }
}
