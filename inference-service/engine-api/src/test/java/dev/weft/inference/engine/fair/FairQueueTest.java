package dev.weft.inference.engine.fair;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FairQueueTest {
    private static final long MEMORY = 1_000;

    private record Request(String tenant, int age) {}

    private final FairQueue<Request> queue =
            new FairQueue<>(Request::tenant, Comparator.comparingInt(Request::age), MEMORY);
    private int age;

    @Test
    void oneTenantIsServedFirstComeFirstServed() {
        List<Request> asked = List.of(add("a"), add("a"), add("a"));
        queue.served(asked.getFirst(), 5_000);
        assertThat(placeAll()).containsExactlyElementsOf(asked);
    }

    @Test
    void thePlacesGoRoundHoweverManyOneAsksFor() {
        add("a", "a", "a", "a", "b", "c", "b");
        assertThat(placeAll().stream().map(Request::tenant))
                .containsExactly("a", "b", "c", "a", "b", "a", "a");
    }

    @Test
    void ofTenantsWithEquallyManyPlacesTheOneServedLeastIsNext() {
        List<Request> first = List.of(add("a"), add("b"));
        placeAll();
        queue.served(first.get(0), 10);
        queue.served(first.get(1), 20);
        add("b", "a");
        assertThat(placeAll().stream().map(Request::tenant)).containsExactly("a", "b");
    }

    @Test
    void whoComesNewIsNotServedForTheTimeItWasAway() {
        Request a = add("a");
        Request b = add("b");
        placeAll();
        queue.served(a, 300);
        queue.served(b, 200);
        Request c = add("c");
        assertThat(queue.servedTo(c)).isEqualTo(queue.servedTo(b));
    }

    @Test
    void whatOneTookWhileOthersWantedNothingIsForgottenButForAPart() {
        Request a = add("a");
        Request b = add("b");
        placeAll();
        queue.served(a, 1_000_000);
        assertThat(queue.servedTo(a) - queue.servedTo(b)).isEqualTo(MEMORY);
    }

    @Test
    void whoHasLostItsPlaceWaitsInFrontOfTheYoungerOnesOfItsTenant() {
        Request old = add("a");
        placeAll();
        Request young = add("a");
        queue.add(old);
        queue.free(old);
        assertThat(placeAll()).containsExactly(old, young);
    }

    @Test
    void whoIsLeastEntitledIsTheYoungestOfTheTenantWithTheMostThatMayGo() {
        add("a", "b", "b");
        Request last = add("b");
        add("a");
        assertThat(queue.leastEntitled(_ -> true)).contains(last);
        assertThat(queue.leastEntitled(it -> it.tenant().equals("c"))).isEmpty();
    }

    @Test
    void theFirstLikeARequestIsOfItsTenantAndInTheOrderAskedFor() {
        Comparator<Request> youngest = Comparator.comparingInt(it -> -it.age());
        Request a = add("a");
        Request b = add("b");
        Request last = add("b");
        assertThat(queue.firstLike(b, _ -> true, youngest)).contains(last);
        assertThat(queue.firstLike(a, _ -> true, youngest)).contains(a);
        assertThat(queue.firstLike(a, it -> it.age() > 5, youngest)).isEmpty();
    }

    @Test
    void nothingIsLeftOfTenantsThatHaveNothingHere() {
        SplittableRandom random = new SplittableRandom(3);
        List<Request> placed = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            switch (random.nextInt(3)) {
                case 0 -> add("t" + random.nextInt(5));
                case 1 ->
                        queue.next()
                                .ifPresent(next -> {
                                    queue.place(next);
                                    placed.add(next);
                                });
                default -> {
                    if (!placed.isEmpty()) {
                        queue.free(placed.remove(random.nextInt(placed.size())));
                    }
                }
            }
        }
        queue.remove(_ -> true);
        placed.forEach(queue::free);
        assertThat(queue.tenants()).isZero();
        assertThat(queue.waiting()).isZero();
    }

    private List<Request> placeAll() {
        List<Request> placed = new ArrayList<>();
        while (queue.next().isPresent()) {
            Request next = queue.next().get();
            queue.place(next);
            placed.add(next);
        }
        return placed;
    }

    private void add(String... tenants) {
        for (String tenant : tenants) {
            add(tenant);
        }
    }

    private Request add(String tenant) {
        Request request = new Request(tenant, age++);
        queue.add(request);
        return request;
    }
}
