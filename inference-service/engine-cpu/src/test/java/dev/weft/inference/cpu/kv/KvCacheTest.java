package dev.weft.inference.cpu.kv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.inference.cpu.kernel.attention.Attention;
import dev.weft.protocol.adapter.AdapterDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KvCacheTest {
    private static final AdapterDigest ONE = new AdapterDigest("1".repeat(64));
    private static final AdapterDigest TWO = new AdapterDigest("2".repeat(64));
    private static final List<Integer> LONG = IntStream.range(0, 40).boxed().toList();

    @Test
    void sharesFullBlocksAndLeavesOnePositionToCompute() {
        try (KvCache cache = cache(10, true)) {
            compute(cache, null, LONG);
            assertThat(cache.used()).isEqualTo(48);
            assertThat(sequence(cache, null, LONG).reuse()).isEqualTo(32);
            assertThat(sequence(cache, null, LONG.subList(0, 33)).reuse()).isEqualTo(32);
            assertThat(sequence(cache, null, LONG.subList(0, 32)).reuse()).isEqualTo(16);
            assertThat(sequence(cache, null, LONG.subList(0, 16)).reuse()).isZero();
            assertThat(cache.used()).as("shared blocks count once").isEqualTo(48);
        }
    }

    @Test
    void aPrefixBelongsToItsAdapter() {
        try (KvCache cache = cache(20, true)) {
            compute(cache, null, LONG);
            compute(cache, ONE, LONG);
            assertThat(sequence(cache, TWO, LONG).reuse()).isZero();
            TrackedSequence again = sequence(cache, ONE, LONG);
            assertThat(again.reuse()).isEqualTo(32);
            again.check();
        }
    }

    @Test
    void tokensCountNotTheirHash() {
        // Equal hash codes as lists: 31 * 0 + 31 = 31 * 1 + 0.
        List<Integer> one = new ArrayList<>(Collections.nCopies(17, 7));
        List<Integer> other = new ArrayList<>(one);
        one.set(0, 0);
        one.set(1, 31);
        other.set(0, 1);
        other.set(1, 0);
        assertThat(one.hashCode()).isEqualTo(other.hashCode());
        try (KvCache cache = cache(10, true)) {
            compute(cache, null, one);
            assertThat(sequence(cache, null, other).reuse()).isZero();
        }
    }

    @Test
    void aBlockThatFollowsOtherTokensIsAnother() {
        List<Integer> other = new ArrayList<>(LONG);
        other.set(3, 99);
        try (KvCache cache = cache(10, true)) {
            compute(cache, null, LONG);
            compute(cache, null, other.subList(0, 17));
            TrackedSequence sequence = sequence(cache, null, other);
            assertThat(sequence.reuse()).isEqualTo(16);
            sequence.check();
        }
    }

    @Test
    void theSameTokensComputedTwiceAtOnceEndUpInOneCopy() {
        try (KvCache cache = cache(10, true)) {
            TrackedSequence one = sequence(cache, null, LONG);
            TrackedSequence two = sequence(cache, null, LONG);
            for (TrackedSequence sequence : List.of(one, two)) {
                assertThat(sequence.reuse()).isZero();
                assertThat(sequence.reserve(32)).isTrue();
            }
            assertThat(cache.used()).isEqualTo(64);
            one.compute(32);
            two.compute(32);
            assertThat(cache.used()).isEqualTo(32);
            one.release();
            two.check();
            assertThat(cache.used()).isEqualTo(32);
        }
    }

    @Test
    void withoutSharingNothingIsFoundAndNothingStays() {
        try (KvCache cache = cache(3, false)) {
            compute(cache, null, LONG).release();
            assertThat(sequence(cache, null, LONG).reuse()).isZero();
            assertThat(sequence(cache, null, LONG).reserve(48)).isTrue();
            assertThat(cache.evicted()).isZero();
        }
    }

    /** 6 rows on 24 blocks: they reuse, evict, and take from each other all the time. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void keepsWhatItPromisesUnderRandomUse(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        NaiveCache model = new NaiveCache(24);
        try (KvCache cache = cache(24, true)) {
            List<TrackedSequence> live = new ArrayList<>();
            long gained = 0;
            for (int step = 0; step < 2_000; step++) {
                if (live.size() < 6) {
                    live.add(sequence(cache, adapter(random), prompt(random)));
                }
                gained += advance(live, random, model);
                assertThat(cache.used()).isEqualTo(16L * model.usedBlocks());
                assertThat(cache.used()).isLessThanOrEqualTo(cache.capacity());
                assertThat(cache.evicted()).isEqualTo(model.evicted());
                live.forEach(TrackedSequence::check);
            }
            assertThat(gained).as("positions reused").isGreaterThan(1_000);
            assertThat(cache.evicted()).isGreaterThan(100);
            live.forEach(TrackedSequence::release);
            assertThat(cache.used()).isZero();
            assertThat(cache.sequence("", null).reserve(24 * Attention.BLOCK)).isTrue();
        }
    }

    /** One random sequence goes on, ends, or is preempted; returns positions it reused. */
    private static int advance(
            List<TrackedSequence> live, SplittableRandom random, NaiveCache model) {
        TrackedSequence sequence = live.get(random.nextInt(live.size()));
        if (sequence.pending() == 0 && random.nextInt(4) == 0) {
            model.release(sequence);
            sequence.release();
            live.remove(sequence);
            return 0;
        }
        if (sequence.pending() == 0) {
            sequence.append(random.nextInt(2));
        }
        int gained = 0;
        if (sequence.computed() % Attention.BLOCK == 0) {
            int expected = model.reuse(sequence);
            gained = sequence.reuse();
            assertThat(gained).isEqualTo(expected);
        }
        int more = 1 + random.nextInt(Math.min(sequence.pending(), 40));
        while (!reserve(sequence, more, model)) {
            TrackedSequence victim = live.get(random.nextInt(live.size()));
            model.release(victim);
            victim.release();
            if (victim == sequence) {
                return gained;
            }
        }
        sequence.compute(more);
        model.computed(sequence);
        return gained;
    }

    private static boolean reserve(TrackedSequence sequence, int more, NaiveCache model) {
        boolean expected = model.reserve(sequence, more);
        assertThat(sequence.reserve(more)).isEqualTo(expected);
        return expected;
    }

    private static @Nullable AdapterDigest adapter(SplittableRandom random) {
        return Arrays.asList(null, ONE, TWO).get(random.nextInt(3));
    }

    /** Some of one of two documents, then tokens of its own. */
    private static List<Integer> prompt(SplittableRandom random) {
        int document = random.nextInt(2);
        int common = random.nextInt(80);
        int own = 1 + random.nextInt(20);
        return IntStream.range(0, common + own)
                .mapToObj(i -> i < common ? 10 * document + i % 7 : random.nextInt(2))
                .toList();
    }

    private static TrackedSequence compute(
            KvCache cache, @Nullable AdapterDigest adapter, List<Integer> tokens) {
        TrackedSequence sequence = sequence(cache, adapter, tokens);
        sequence.reuse();
        assertThat(sequence.reserve(sequence.pending())).isTrue();
        sequence.compute(sequence.pending());
        return sequence;
    }

    private static TrackedSequence sequence(
            KvCache cache, @Nullable AdapterDigest adapter, List<Integer> tokens) {
        return new TrackedSequence(cache, adapter, tokens);
    }

    private static KvCache cache(int blocks, boolean sharing) {
        DecoderShape shape = new DecoderShape(1, 2, new DecoderShape.HeadCounts(1, 1, 2), 2);
        return new KvCache(shape, (long) blocks * Attention.BLOCK, sharing);
    }
}
