package dev.weft.access.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LookupPlacesTest {
    private final Deque<CompletableFuture<String>> running = new ConcurrentLinkedDeque<>();

    @Test
    void whoWaitsGoesWhenAnotherLeavesAndInTheEndAllPlacesAreFree() throws Exception {
        LookupPlaces places = new LookupPlaces(Duration.ofMinutes(1));
        for (int round = 0; round < 3; round++) {
            List<CompletableFuture<String>> asked = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                asked.add(look(places, "a"));
                asked.add(look(places, "b"));
                asked.add(look(places, "c"));
            }
            assertThat(running).hasSize(LookupPlaces.PLACES);
            int ended = 0;
            while (ended < asked.size()) {
                CompletableFuture<String> next = running.poll();
                if (next == null) {
                    Thread.onSpinWait();
                } else {
                    next.complete("" + ended++);
                }
            }
            for (CompletableFuture<String> one : asked) {
                assertThat(one.get()).isNotEmpty();
            }
        }
    }

    @Test
    void whosePatienceIsOverIsRefusedAndLeavesItsPlaceToTheNext() throws Exception {
        LookupPlaces places = new LookupPlaces(Duration.ofMillis(500));
        List<CompletableFuture<String>> held = many(places, LookupPlaces.SHARE);
        List<CompletableFuture<String>> waiting = many(places, LookupPlaces.WAITING_SHARE);
        assertThat(look(places, "a")).isCompletedExceptionally();
        for (CompletableFuture<String> one : waiting) {
            assertThatThrownBy(one::get)
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(LookupPlaces.NoneFreeException.class);
        }

        running.forEach(one -> one.complete("found"));
        assertThat(held.getFirst().get()).isEqualTo("found");
        assertThat(running).hasSize(LookupPlaces.SHARE);
        running.clear();
        var _ = look(places, "a");
        assertThat(running).hasSize(1);
    }

    @Test
    void oneThatFailsLeavesItsPlace() {
        LookupPlaces places = new LookupPlaces(Duration.ofMinutes(1));
        for (int i = 0; i < 2 * LookupPlaces.PLACES; i++) {
            CompletableFuture<String> asked = look(places, "a");
            running.remove().completeExceptionally(new IllegalStateException("away"));
            assertThat(asked).isCompletedExceptionally();
        }
    }

    private List<CompletableFuture<String>> many(LookupPlaces places, int number) {
        List<CompletableFuture<String>> asked = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            asked.add(look(places, "a"));
        }
        return asked;
    }

    private CompletableFuture<String> look(LookupPlaces places, String client) {
        return places.lookUp(
                client,
                () -> {
                    CompletableFuture<String> answer = new CompletableFuture<>();
                    running.add(answer);
                    return answer;
                });
    }
}
