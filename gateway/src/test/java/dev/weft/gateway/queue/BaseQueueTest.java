package dev.weft.gateway.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.weft.access.holder.Priority;
import dev.weft.gateway.worker.ToldState;
import dev.weft.gateway.worker.WorkerSnapshot;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import dev.weft.protocol.worker.WorkerLoad;
import dev.weft.protocol.worker.WorkerState;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BaseQueueTest {
    private static final int MOST = 4;
    private static final int MOST_BYTES = 1_000;
    private static final Duration MAX_WAIT = Duration.ofSeconds(10);
    private static final Duration ADAPTER_WAIT = Duration.ofSeconds(3);

    private static final String CHAT = "/v1/chat/completions";
    private static final String VECTORS = "/v1/embeddings";

    private static final List<Priority> PRIORITIES = List.of(Priority.values());

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Map<String, Integer> weights = new HashMap<>();
    private final List<WorkerSnapshot> workers = new ArrayList<>(List.of(worker()));

    /** What workers whose rows nobody knows may have. */
    private int room;

    private long now;
    private final BaseQueue queue =
            new BaseQueue(
                    "small",
                    new Crowd.Bounds(MOST, MOST_BYTES, MAX_WAIT, ADAPTER_WAIT),
                    tenant -> weights.getOrDefault(tenant, 1),
                    () -> new Rooms(0, room).of("small", workers),
                    () -> now,
                    new QueueMetrics(registry));

    /** One that says which paths it serves, or says nothing. */
    private static WorkerSnapshot worker(String... paths) {
        WorkerLoad load = new WorkerLoad(0, 0, Map.of(), 0, 0, 0);
        WorkerState state = new WorkerState(false, 1, Map.of(), Set.of(paths), load);
        return new WorkerSnapshot(
                URI.create("http://w:1"),
                true,
                Map.of("small", "x"),
                0,
                Set.of(),
                paths.length == 0 ? null : ToldState.of(state, 0),
                1);
    }

    private QueuePlace enter(String tenant, Priority priority, int bytes) {
        return queue.enter(new Newcomer(tenant, priority, CHAT, bytes));
    }

    private QueuePlace enterFor(String path) {
        return queue.enter(new Newcomer("a", Priority.NORMAL, path, 10));
    }

    private QueuePlace enter(String tenant) {
        return enter(tenant, Priority.NORMAL, 10);
    }

    private double shed(String reason) {
        return registry.get("weft.gateway.shed")
                .tags("base", "small", "reason", reason)
                .counter()
                .count();
    }

    private double waiting() {
        return registry.get("weft.gateway.waiting").tag("base", "small").gauge().value();
    }

    private static ErrorCode code(QueuePlace place) {
        assertThat(place.admitted()).isCompletedExceptionally();
        return ((ApiException) place.admitted().exceptionNow()).code();
    }

    private void assertRefused(ErrorCode code, Runnable enters) {
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(enters::run)
                .extracting(ApiException::code)
                .isEqualTo(code);
    }

    @Test
    void asManyGoAsThereIsRoomFor() {
        QueuePlace first = enter("a");
        QueuePlace second = enter("a");
        QueuePlace third = enter("a");
        queue.admit();
        assertThat(first.admitted()).isNotDone();
        room = 2;
        queue.admit();
        assertThat(first.admitted()).isCompleted();
        assertThat(second.admitted()).isCompleted();
        assertThat(third.admitted()).isNotDone();
        assertThat(queue.waiting()).isEqualTo(1);
    }

    @Test
    void roomThatSomebodyIsOnTheWayToIsGivenToNobodyElse() {
        QueuePlace first = enter("a");
        QueuePlace second = enter("a");
        room = 1;
        queue.admit();
        queue.admit();
        assertThat(first.admitted()).isCompleted();
        assertThat(second.admitted()).isNotDone();

        first.close(); // it is at the worker, or has left
        first.close();
        queue.roomMayHaveCome();
        assertThat(second.admitted()).isCompleted();
    }

    @Test
    void roomOfWorkersThatDoNotServeAPathIsNoneForIt() {
        workers.clear();
        workers.add(worker(CHAT));
        QueuePlace vectors = enterFor(VECTORS);
        QueuePlace chat = enterFor(CHAT);
        room = 1;
        queue.admit();
        assertThat(vectors.admitted()).isCompleted(); // the worker says that it serves none
        vectors.close();

        workers.add(worker(VECTORS));
        QueuePlace first = enterFor(VECTORS);
        QueuePlace second = enterFor(VECTORS);
        queue.admit();
        assertThat(chat.admitted()).isCompleted();
        assertThat(first.admitted()).isCompleted();
        assertThat(second.admitted()).isNotDone();
        first.close();
        queue.admit();
        assertThat(second.admitted()).isCompleted();
    }

    @Test
    void aTenantAloneIsToldThatTheBaseIsFull() {
        for (int i = 0; i < MOST; i++) {
            enter("a");
        }
        assertRefused(ErrorCode.OVERLOADED, () -> enter("a"));
        assertThat(queue.waiting()).isEqualTo(MOST);
        assertThat(shed("full")).isEqualTo(1);
    }

    @Test
    void aTenantWithMoreThanItsShareMakesRoomForAnother() {
        List<QueuePlace> flood = new ArrayList<>();
        for (int i = 0; i < MOST; i++) {
            flood.add(enter("flood"));
        }
        QueuePlace first = enter("a");
        QueuePlace second = enter("a");
        assertThat(first.admitted()).isNotDone();
        assertThat(second.admitted()).isNotDone();
        assertThat(code(flood.get(3))).isEqualTo(ErrorCode.RATE_LIMITED);
        assertThat(code(flood.get(2))).isEqualTo(ErrorCode.RATE_LIMITED);
        assertThat(flood.get(1).admitted()).isNotDone();

        assertRefused(ErrorCode.RATE_LIMITED, () -> enter("a"));
        assertRefused(ErrorCode.RATE_LIMITED, () -> enter("flood"));
        assertThat(shed("share")).isEqualTo(4);
        assertThat(waiting()).isEqualTo(MOST);
    }

    @Test
    void withMoreTenantsThanPlacesNobodyLosesItsOnlyOne() {
        List<QueuePlace> first = new ArrayList<>();
        for (String tenant : List.of("a", "b", "c", "d")) {
            first.add(enter(tenant));
        }
        assertRefused(ErrorCode.OVERLOADED, () -> enter("e"));
        assertRefused(ErrorCode.RATE_LIMITED, () -> enter("a"));
        assertThat(first).allMatch(place -> !place.admitted().isDone());
    }

    @Test
    void sharesFollowWeights() {
        weights.put("big", 3);
        for (int i = 0; i < MOST; i++) {
            enter("small");
        }
        for (int i = 0; i < 3; i++) {
            enter("big");
        }
        assertRefused(ErrorCode.RATE_LIMITED, () -> enter("big"));
        assertThat(queue.waiting()).isEqualTo(MOST);
    }

    @Test
    void theNewestOfALowerPriorityGoesForAHigherOne() {
        QueuePlace low = enter("a", Priority.LOW, 10);
        QueuePlace newerLow = enter("a", Priority.LOW, 10);
        enter("a");
        enter("b");
        QueuePlace high = enter("c", Priority.HIGH, 10);
        assertThat(high.admitted()).isNotDone();
        assertThat(code(newerLow)).isEqualTo(ErrorCode.OVERLOADED);
        assertThat(low.admitted()).isNotDone();
        assertThat(shed("priority")).isEqualTo(1);

        room = 1;
        queue.admit();
        assertThat(high.admitted()).isCompleted();
    }

    @Test
    void aLowerPriorityMovesNobody() {
        for (int i = 0; i < MOST; i++) {
            enter("a", Priority.HIGH, 10);
        }
        assertRefused(ErrorCode.OVERLOADED, () -> enter("b"));
        assertThat(queue.waiting()).isEqualTo(MOST);
    }

    @Test
    void bytesAreBoundedToo() {
        QueuePlace large = enter("a", Priority.NORMAL, 900);
        assertRefused(ErrorCode.OVERLOADED, () -> enter("a", Priority.NORMAL, 101));
        QueuePlace fits = enter("b", Priority.NORMAL, 100);
        assertThat(large.admitted()).isNotDone();
        assertThat(fits.admitted()).isNotDone();
        QueuePlace more = enter("b", Priority.NORMAL, 50);
        assertThat(code(large)).isEqualTo(ErrorCode.RATE_LIMITED);
        assertThat(more.admitted()).isNotDone();
        assertThat(queue.waitingBytes()).isEqualTo(150);
        assertRefused(ErrorCode.RATE_LIMITED, () -> enter("c", Priority.NORMAL, 1_001));
        assertThat(queue.waiting()).isEqualTo(2);
    }

    @Test
    void whoIsRefusedMovesNobody() {
        List<QueuePlace> places =
                List.of(
                        enter("a", Priority.LOW, 100),
                        enter("a", Priority.LOW, 100),
                        enter("b", Priority.HIGH, 700));
        assertRefused(ErrorCode.RATE_LIMITED, () -> enter("c", Priority.NORMAL, 400));
        assertThat(places).allMatch(place -> !place.admitted().isDone());
        assertThat(queue.waitingBytes()).isEqualTo(900);
        assertThat(shed("priority")).isZero();
        room = 3;
        queue.admit();
        assertThat(places).allMatch(place -> place.admitted().isDone());
    }

    @Test
    void aPlaceIsFreeOnceItsRequestHasLeft() {
        List<QueuePlace> places = new ArrayList<>();
        for (int i = 0; i < MOST; i++) {
            places.add(enter("a"));
        }
        places.get(1).close();
        assertThat(queue.waiting()).isEqualTo(MOST - 1);
        enter("a");
        room = 10;
        queue.admit();
        assertThat(places.get(1).admitted()).isNotDone();
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void nobodyWaitsLongerThanAllowed() {
        QueuePlace early = enter("a");
        now += MAX_WAIT.toNanos() / 2;
        QueuePlace late = enter("a");
        now += MAX_WAIT.toNanos() / 2 - 1;
        queue.look();
        assertThat(early.admitted()).isNotDone();
        now++;
        queue.look();
        assertThat(code(early)).isEqualTo(ErrorCode.OVERLOADED);
        assertThat(late.admitted()).isNotDone();
        assertThat(shed("timeout")).isEqualTo(1);
        early.close();
        assertThat(queue.waiting()).isEqualTo(1);
    }

    @Test
    void whoIsRefusedMayComeAgainWhenTheLastOneWouldHaveHadAWorker() {
        assertThat(queue.retryAfter()).hasSeconds(1);
        enter("a");
        now += Duration.ofMillis(7_300).toNanos();
        room = 1;
        queue.admit();
        assertThat(queue.retryAfter()).hasSeconds(8);
    }

    @Test
    void whoWaitsForAnAdapterCountsButHoldsUpNobody() {
        boolean[] ready = new boolean[1];
        QueuePlace held = queue.hold(new Newcomer("a", Priority.NORMAL, CHAT, 10), () -> ready[0]);
        assertThat(queue.isEmpty()).isTrue();
        assertThat(queue.waiting()).isEqualTo(1);
        room = 1;
        queue.admit();
        queue.look();
        assertThat(held.admitted()).isNotDone();
        ready[0] = true;
        queue.look();
        assertThat(held.admitted()).isCompleted();
        held.close();
        assertThat(queue.waiting()).isZero();

        QueuePlace next = enter("a");
        queue.admit();
        assertThat(next.admitted()).isCompleted();
    }

    @Test
    void nobodyWaitsLongerForAnAdapterThanAllowed() {
        QueuePlace held = queue.hold(new Newcomer("a", Priority.NORMAL, CHAT, 10), () -> false);
        QueuePlace waits = enter("a");
        now += ADAPTER_WAIT.toNanos();
        queue.look();
        assertThat(code(held)).isEqualTo(ErrorCode.ADAPTER_LOADING);
        assertThat(waits.admitted()).isNotDone();
        assertThat(shed("adapter")).isEqualTo(1);
    }

    @Test
    void whoWaitsForAnAdapterGoesFirstWhereSomebodyHasTo() {
        QueuePlace held = queue.hold(new Newcomer("a", Priority.LOW, CHAT, 10), () -> false);
        QueuePlace low = enter("a", Priority.LOW, 10);
        enter("a");
        enter("a");
        enter("a");
        assertThat(code(held)).isEqualTo(ErrorCode.OVERLOADED);
        assertThat(low.admitted()).isNotDone();
    }

    /** Whatever comes, leaves and is let go: the bounds hold, and every place has one end. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void boundsHoldWhateverComes(long seed) {
        Random random = new Random(seed);
        weights.put("a", 2);
        List<QueuePlace> open = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            now += random.nextInt(500_000_000);
            switch (random.nextInt(8)) {
                case 0 -> {
                    room = random.nextInt(3);
                    queue.admit();
                }
                case 1 -> queue.look();
                case 2 -> {
                    if (!open.isEmpty()) {
                        open.remove(random.nextInt(open.size())).close();
                    }
                }
                default -> {
                    try {
                        open.add(
                                enter(
                                        "abc".substring(random.nextInt(3)).substring(0, 1),
                                        PRIORITIES.get(random.nextInt(3)),
                                        random.nextInt(500)));
                    } catch (ApiException e) {
                        assertThat(e.code()).isIn(ErrorCode.OVERLOADED, ErrorCode.RATE_LIMITED);
                    }
                }
            }
            assertThat(queue.waiting()).isBetween(0, MOST);
            assertThat(queue.waitingBytes()).isBetween(0L, (long) MOST_BYTES);
            long undone = open.stream().filter(place -> !place.admitted().isDone()).count();
            assertThat((long) queue.waiting()).isEqualTo(undone);
        }
        open.forEach(QueuePlace::close);
        assertThat(queue.isEmpty()).isTrue();
        assertThat(queue.waitingBytes()).isZero();
        room = 1;
        QueuePlace last = enter("a");
        queue.admit();
        assertThat(last.admitted()).isCompleted();
    }
}
