package dev.weft.inference.cpu.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.format.lora.LoraAdapter;
import dev.weft.inference.engine.AdapterStatistics;
import dev.weft.inference.engine.EngineException;
import dev.weft.protocol.adapter.AdapterDigest;
import java.lang.foreign.Arena;
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
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LoraSlotsTest {
    private static final int SLOTS = 3;
    private static final int ADAPTERS = 8;

    private static final long[] BYTES =
            LongStream.rangeClosed(0, ADAPTERS).map(i -> i == 0 ? 0 : packed((int) i)).toArray();

    /** Of the ranks 1 to 8: room for some three of them, not for every three. */
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
        private final LoraSlots slots = slots(CACHE);
        private final Map<Integer, Integer> uses = new LinkedHashMap<>();
        private final Set<Integer> unloaded = new HashSet<>();
        private final LinkedHashSet<Integer> cached = new LinkedHashSet<>();
        private final List<LoraSlot> retained = new ArrayList<>();
        private final Map<Integer, LoraSlot> memory = new LinkedHashMap<>();
        private final List<LoraSlot> gone = new ArrayList<>();
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
            slots.close();
            assertThat(gone).allMatch(LoraSlot::freed);
            assertThat(memory.values()).allMatch(LoraSlot::freed);
            assertThat(slots.statistics().slotBytes() + slots.statistics().hostCacheBytes())
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
                assertNoSlot(() -> slots.load(digest(adapter), TestAdapters.of(adapter)));
                return;
            }
            slots.load(digest(adapter), TestAdapters.of(adapter));
            if (held) {
                cameBack(adapter);
            } else {
                loads++;
                uses.put(adapter, 0);
                assertThat(gone).as("freed before the next is packed").allMatch(LoraSlot::freed);
            }
            remember(adapter);
        }

        private void reload(int adapter) {
            boolean held = uses.containsKey(adapter) || cached.contains(adapter);
            if (cached.contains(adapter) && uses.size() == SLOTS) {
                assertNoSlot(() -> slots.reload(digest(adapter)));
                return;
            }
            assertThat(slots.reload(digest(adapter))).isEqualTo(held);
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
            slots.unload(digest(adapter));
            if (uses.containsKey(adapter)) {
                unloaded.add(adapter);
                retireIfUnused(adapter);
            }
        }

        private void retain(int adapter) {
            if (!uses.containsKey(adapter) || unloaded.contains(adapter)) {
                assertThatThrownBy(() -> slots.retain(digest(adapter)))
                        .hasMessageContaining("is not loaded");
                return;
            }
            retained.add(slots.retain(digest(adapter)));
            uses.merge(adapter, 1, Integer::sum);
        }

        private void release(LoraSlot slot) {
            retained.remove(slot);
            slots.release(slot);
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
            LoraSlot slot = slots.retain(digest(adapter));
            slots.release(slot);
            memory.put(adapter, slot);
        }

        private void compare() {
            assertThat(slots.statistics())
                    .isEqualTo(
                            new AdapterStatistics(
                                    uses.size(),
                                    sum(uses.keySet()),
                                    cached.size(),
                                    sum(cached),
                                    loads,
                                    reloads,
                                    slotEvictions,
                                    gone.size()));
            assertThat(memory.values()).noneMatch(LoraSlot::freed);
        }
    }

    @Test
    void keepsNothingWithoutAHostCache() {
        try (LoraSlots slots = slots(0)) {
            slots.load(digest(2), TestAdapters.of(2));
            slots.unload(digest(2));

            assertThat(slots.reload(digest(2))).isFalse();
            assertThat(slots.statistics()).isEqualTo(new AdapterStatistics(0, 0, 0, 0, 1, 0, 1, 1));
        }
    }

    @Test
    void aLoadThatFailsLeavesNothingBehind() {
        try (LoraSlots slots = slots(CACHE)) {
            LoraAdapter broken;
            try (Arena released = Arena.ofShared()) {
                broken = TestAdapters.of(4, released);
            }
            for (int i = 0; i < 2 * SLOTS; i++) {
                assertThatThrownBy(() -> slots.load(digest(4), broken))
                        .isInstanceOf(IllegalStateException.class);
            }
            assertThat(slots.statistics()).isEqualTo(new AdapterStatistics(0, 0, 0, 0, 0, 0, 0, 0));

            slots.load(digest(4), TestAdapters.of(4));
            assertThat(slots.statistics().slotBytes()).isEqualTo(bytes(4));
        }
    }

    /** Threads that load, use and unload what they like, until all is closed under their hands. */
    @Test
    void holdsItsBoundsUnderManyThreads() throws Exception {
        LoraSlots slots = slots(CACHE);
        Set<LoraSlot> seen = ConcurrentHashMap.newKeySet();
        List<Callable<Boolean>> users = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            long seed = i;
            users.add(() -> use(slots, new SplittableRandom(seed), seen));
        }
        try (var threads = Executors.newFixedThreadPool(users.size())) {
            for (Future<Boolean> user : threads.invokeAll(users, 60, TimeUnit.SECONDS)) {
                assertThat(user.get()).isTrue();
            }
        }
        AdapterStatistics end = slots.statistics();
        assertThat(end.loads() + end.reloads() - end.slotEvictions()).isEqualTo(end.slots());
        slots.close();
        assertThat(seen).hasSizeGreaterThan(ADAPTERS).allMatch(LoraSlot::freed);
        assertThatThrownBy(() -> slots.load(digest(1), TestAdapters.of(1)))
                .hasMessageContaining("closed");
    }

    private static boolean use(LoraSlots slots, SplittableRandom random, Set<LoraSlot> seen) {
        for (int i = 0; i < 1_500; i++) {
            int adapter = 1 + random.nextInt(ADAPTERS);
            try {
                slots.load(digest(adapter), TestAdapters.of(adapter));
                LoraSlot slot = slots.retain(digest(adapter));
                seen.add(slot);
                assertThat(slot.freed()).isFalse();
                slots.unload(digest(adapter));
                assertThat(slot.freed()).as("in use").isFalse();
                slots.release(slot);
            } catch (EngineException e) {
                assertThat(e.reason())
                        .isIn(
                                EngineException.Cause.NO_SLOT,
                                EngineException.Cause.ADAPTER_NOT_LOADED);
            }
            AdapterStatistics now = slots.statistics();
            assertThat(now.slots()).isBetween(0, SLOTS);
            assertThat(now.hostCacheBytes()).isBetween(0L, CACHE);
            assertThat(now.slotBytes()).isBetween(0L, SLOTS * bytes(ADAPTERS));
        }
        return true;
    }

    private static void assertNoSlot(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        EngineException.class,
                        e -> assertThat(e.reason()).isEqualTo(EngineException.Cause.NO_SLOT));
    }

    private static LoraSlots slots(long cache) {
        return new LoraSlots(TestAdapters.CONFIG, SLOTS, ADAPTERS, cache);
    }

    private static AdapterDigest digest(int adapter) {
        return TestAdapters.digest(adapter);
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

    private static long bytes(int adapter) {
        return BYTES[adapter];
    }

    private static long packed(int adapter) {
        LoraSlot slot =
                new LoraSlot(
                        digest(adapter), TestAdapters.CONFIG, TestAdapters.of(adapter).pairs());
        slot.free();
        return slot.bytes();
    }
}
