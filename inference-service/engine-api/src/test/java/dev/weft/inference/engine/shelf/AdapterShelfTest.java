package dev.weft.inference.engine.shelf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.inference.engine.EngineException;
import dev.weft.inference.engine.statistics.AdapterStatistics;
import dev.weft.protocol.adapter.AdapterDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class AdapterShelfTest {
    private static final int SLOTS = 3;
    private static final int ADAPTERS = 8;

    /** Room for some three of the adapters 1 to 8, not for every three. */
    private static final long CACHE = bytes(8) + bytes(5) + bytes(3);

    /** Every operation in any order does what a plain model says, to the byte. */
    @Test
    void agreesWithAModelUnderRandomOperations() {
        for (int seed = 0; seed < 60; seed++) {
            new RandomRun(seed).go();
        }
    }

    private static final class RandomRun {
        private final SplittableRandom random;
        private final AdapterShelf<Packed> shelf = shelf(CACHE);
        private final Map<Integer, Integer> uses = new LinkedHashMap<>();
        private final Set<Integer> unloaded = new HashSet<>();
        private final LinkedHashSet<Integer> cached = new LinkedHashSet<>();
        private final List<Packed> retained = new ArrayList<>();
        private final Map<Integer, Packed> memory = new LinkedHashMap<>();
        private final List<Packed> gone = new ArrayList<>();
        private long loads;
        private long reloads;
        private long slotEvictions;

        RandomRun(long seed) {
            random = new SplittableRandom(seed);
        }

        void go() {
            for (int i = 0; i < 200; i++) {
                operation(random.nextInt(7), 1 + random.nextInt(ADAPTERS));
                compare();
            }
            List.copyOf(retained).forEach(this::release);
            compare();
            shelf.close();
            assertThat(gone).allMatch(Packed::freed);
            assertThat(memory.values()).allMatch(Packed::freed);
            assertThat(shelf.statistics().slots().bytes() + shelf.statistics().hostCache().bytes())
                    .isZero();
        }

        private void operation(int kind, int adapter) {
            switch (kind) {
                case 0, 1 -> load(adapter);
                case 2 -> reload(adapter);
                case 3 -> unload(adapter);
                case 4, 5 -> retain(adapter);
                default -> {
                    if (!retained.isEmpty()) {
                        release(retained.get(random.nextInt(retained.size())));
                    }
                }
            }
        }

        private void load(int adapter) {
            boolean held = uses.containsKey(adapter) || cached.contains(adapter);
            if (!uses.containsKey(adapter) && uses.size() == SLOTS) {
                assertNoSlot(() -> pack(shelf, adapter));
                return;
            }
            pack(shelf, adapter);
            if (held) {
                cameBack(adapter);
            } else {
                loads++;
                uses.put(adapter, 0);
                assertThat(gone).as("freed before the next is packed").allMatch(Packed::freed);
            }
            remember(adapter);
        }

        private void reload(int adapter) {
            boolean held = uses.containsKey(adapter) || cached.contains(adapter);
            if (cached.contains(adapter) && uses.size() == SLOTS) {
                assertNoSlot(() -> shelf.reload(digest(adapter)));
                return;
            }
            assertThat(shelf.reload(digest(adapter))).isEqualTo(held);
            if (held) {
                cameBack(adapter);
            }
        }

        private void cameBack(int adapter) {
            unloaded.remove(adapter);
            if (cached.remove(adapter)) {
                reloads++;
                uses.put(adapter, 0);
            }
        }

        private void unload(int adapter) {
            shelf.unload(digest(adapter));
            if (uses.containsKey(adapter)) {
                unloaded.add(adapter);
                retireIfUnused(adapter);
            }
        }

        private void retain(int adapter) {
            if (!uses.containsKey(adapter) || unloaded.contains(adapter)) {
                assertThatThrownBy(() -> shelf.retain(digest(adapter)))
                        .hasMessageContaining("is not loaded");
                return;
            }
            retained.add(shelf.retain(digest(adapter)));
            uses.merge(adapter, 1, Integer::sum);
        }

        private void release(Packed slot) {
            retained.remove(slot);
            shelf.release(slot);
            int adapter = number(slot.digest());
            uses.merge(adapter, -1, Integer::sum);
            retireIfUnused(adapter);
        }

        private void retireIfUnused(int adapter) {
            if (!unloaded.contains(adapter) || uses.getOrDefault(adapter, 1) > 0) {
                return;
            }
            uses.remove(adapter);
            unloaded.remove(adapter);
            slotEvictions++;
            cached.add(adapter);
            while (sum(cached) > CACHE) {
                gone.add(memory.remove(cached.removeFirst()));
            }
        }

        /** Keeps the slot itself, to see when it is freed. */
        private void remember(int adapter) {
            Packed slot = shelf.retain(digest(adapter));
            shelf.release(slot);
            memory.put(adapter, slot);
        }

        private void compare() {
            assertThat(shelf.statistics())
                    .isEqualTo(
                            new AdapterStatistics(
                                    new AdapterStatistics.Tier(
                                            uses.size(), sum(uses.keySet()), slotEvictions),
                                    new AdapterStatistics.Tier(
                                            cached.size(), sum(cached), gone.size()),
                                    loads,
                                    reloads));
            assertThat(memory.values()).noneMatch(Packed::freed);
        }
    }

    @Test
    void keepsNothingWithoutAHostCache() {
        try (AdapterShelf<Packed> shelf = shelf(0)) {
            pack(shelf, 2);
            shelf.unload(digest(2));

            assertThat(shelf.reload(digest(2))).isFalse();
            assertThat(shelf.statistics())
                    .isEqualTo(
                            new AdapterStatistics(
                                    new AdapterStatistics.Tier(0, 0, 1),
                                    new AdapterStatistics.Tier(0, 0, 1),
                                    1,
                                    0));
        }
    }

    @Test
    void aLoadThatFailsLeavesNothingBehind() {
        try (AdapterShelf<Packed> shelf = shelf(CACHE)) {
            for (int i = 0; i < 2 * SLOTS; i++) {
                assertThatThrownBy(() -> shelf.load(digest(4), AdapterShelfTest::broken))
                        .hasMessage("it does not pack");
            }
            assertThat(shelf.statistics())
                    .isEqualTo(
                            new AdapterStatistics(
                                    new AdapterStatistics.Tier(0, 0, 0),
                                    new AdapterStatistics.Tier(0, 0, 0),
                                    0,
                                    0));

            pack(shelf, 4);
            assertThat(shelf.statistics().slots().bytes()).isEqualTo(bytes(4));
        }
    }

    @Test
    void packsNothingThatItHolds() {
        try (AdapterShelf<Packed> shelf = shelf(CACHE)) {
            pack(shelf, 1);
            shelf.load(digest(1), AdapterShelfTest::broken);
            shelf.unload(digest(1));

            shelf.load(digest(1), AdapterShelfTest::broken);

            assertThat(shelf.statistics().loads()).isEqualTo(1);
            assertThat(shelf.statistics().reloads()).isEqualTo(1);
        }
    }

    @Test
    void showsWhatLiesInSlotsAndInTheCache() {
        try (AdapterShelf<Packed> shelf = shelf(CACHE)) {
            pack(shelf, 1);
            pack(shelf, 2);
            shelf.unload(digest(2));
            Set<Integer> seen = new HashSet<>();

            shelf.forEach(adapter -> seen.add(adapter.number));

            assertThat(seen).containsExactlyInAnyOrder(1, 2);
            assertThat(shelf.cached()).containsExactly(digest(2));
        }
    }

    /** It would evict all others and then not stay itself. */
    @Test
    void keepsOthersWhereOneIsTooLargeForTheCache() {
        try (AdapterShelf<Packed> shelf = shelf(bytes(2))) {
            pack(shelf, 2);
            shelf.unload(digest(2));
            pack(shelf, 3);
            shelf.unload(digest(3));

            assertThat(shelf.cached()).containsExactly(digest(2));
            assertThat(shelf.statistics().hostCache().evictions()).isEqualTo(1);
        }
    }

    /** Threads that load, use and unload what they like, until all is closed under their hands. */
    @Test
    void holdsItsBoundsUnderManyThreads() throws Exception {
        AdapterShelf<Packed> shelf = shelf(CACHE);
        Set<Packed> seen = ConcurrentHashMap.newKeySet();
        List<Callable<Boolean>> users = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            long seed = i;
            users.add(() -> use(shelf, new SplittableRandom(seed), seen));
        }
        try (var threads = Executors.newFixedThreadPool(users.size())) {
            for (Future<Boolean> user : threads.invokeAll(users, 60, TimeUnit.SECONDS)) {
                assertThat(user.get()).isTrue();
            }
        }
        AdapterStatistics end = shelf.statistics();
        assertThat(end.loads() + end.reloads() - end.slots().evictions())
                .isEqualTo(end.slots().adapters());
        shelf.close();
        assertThat(seen).hasSizeGreaterThan(ADAPTERS).allMatch(Packed::freed);
        assertThatThrownBy(() -> pack(shelf, 1)).hasMessageContaining("closed");
    }

    private static boolean use(
            AdapterShelf<Packed> shelf, SplittableRandom random, Set<Packed> seen) {
        for (int i = 0; i < 1_500; i++) {
            int adapter = 1 + random.nextInt(ADAPTERS);
            try {
                pack(shelf, adapter);
                Packed slot = shelf.retain(digest(adapter));
                seen.add(slot);
                assertThat(slot.freed()).isFalse();
                shelf.unload(digest(adapter));
                assertThat(slot.freed()).as("in use").isFalse();
                shelf.release(slot);
            } catch (EngineException e) {
                assertThat(e.reason())
                        .isIn(
                                EngineException.Cause.NO_SLOT,
                                EngineException.Cause.ADAPTER_NOT_LOADED);
            }
            AdapterStatistics now = shelf.statistics();
            assertThat(now.slots().adapters()).isBetween(0, SLOTS);
            assertThat(now.hostCache().bytes()).isBetween(0L, CACHE);
            assertThat(now.slots().bytes()).isBetween(0L, SLOTS * bytes(ADAPTERS));
        }
        return true;
    }

    private static void assertNoSlot(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        EngineException.class,
                        e -> assertThat(e.reason()).isEqualTo(EngineException.Cause.NO_SLOT));
    }

    private static AdapterShelf<Packed> shelf(long cache) {
        return new AdapterShelf<>(new ShelfSize(SLOTS, cache));
    }

    private static void pack(AdapterShelf<Packed> shelf, int adapter) {
        shelf.load(digest(adapter), () -> new Packed(adapter));
    }

    private static Packed broken() {
        throw new IllegalStateException("it does not pack");
    }

    private static AdapterDigest digest(int adapter) {
        return new AdapterDigest("%064x".formatted(adapter));
    }

    private static int number(AdapterDigest digest) {
        return Integer.parseInt(digest.hex().substring(56), 16);
    }

    private static long sum(Iterable<Integer> adapters) {
        long sum = 0;
        for (int adapter : adapters) {
            sum += bytes(adapter);
        }
        return sum;
    }

    /** No two take the same. */
    private static long bytes(int adapter) {
        return 1_000 + 37L * adapter * adapter;
    }

    /** By number. */
    private static final class Packed implements ShelvedAdapter {
        private final int number;
        private final AtomicBoolean freed = new AtomicBoolean();

        Packed(int number) {
            this.number = number;
        }

        @Override
        public AdapterDigest digest() {
            return AdapterShelfTest.digest(number);
        }

        @Override
        public long bytes() {
            return AdapterShelfTest.bytes(number);
        }

        boolean freed() {
            return freed.get();
        }

        @Override
        public void close() {
            assertThat(freed.getAndSet(true)).as("freed before").isFalse();
        }
    }
}
