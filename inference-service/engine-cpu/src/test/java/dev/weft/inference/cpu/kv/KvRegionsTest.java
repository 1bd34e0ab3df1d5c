package dev.weft.inference.cpu.kv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.inference.cpu.kernel.attention.Attention;
import dev.weft.inference.cpu.kernel.attention.KvPrecision;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Layers that look back differently far: all positions, 20 of them, 50 of them. */
class KvRegionsTest {
    private static final List<Integer> WINDOWS = List.of(20, 0, 20, 50);
    private static final List<Integer> LONG = IntStream.range(0, 200).boxed().toList();

    @Test
    void layersAreGroupedByHowFarTheyLookBack() {
        KvSpan span = new KvSpan(WINDOWS, Integer.MAX_VALUE);
        assertThat(span.groups(4))
                .containsExactly(
                        new KvLayers(0, List.of(1)),
                        new KvLayers(50, List.of(3)),
                        new KvLayers(20, List.of(0, 2)));
        assertThat(KvSpan.ALL.groups(2)).containsExactly(new KvLayers(0, List.of(0, 1)));
    }

    @Test
    void blocksBehindAWindowAreGivenBackWhileOtherLayersKeepTheirs() {
        try (KvCache cache = cache(20, 20, 20)) {
            TrackedSequence sequence = computed(cache, LONG, 10);
            sequence.check();
            assertThat(held(cache)).containsExactly(13, 4, 2);
            sequence.release();
            assertThat(held(cache)).containsExactly(0, 0, 0);
        }
    }

    @Test
    void aLongSequenceNeedsNoMoreOfAWindowedRegionThanItsWindow() {
        try (KvCache cache = cache(13, 5, 3)) {
            computed(cache, LONG, 10).check();
            // the whole prompt at once has no room there
            TrackedSequence whole = new TrackedSequence(cache, null, LONG, WINDOWS);
            assertThat(whole.reserve(LONG.size())).isFalse();
        }
    }

    @Test
    void aPrefixIsReusedIfItsEndIsThereInAllRegions() {
        try (KvCache cache = cache(40, 40, 40)) {
            computed(cache, LONG, 10).release();
            TrackedSequence again = new TrackedSequence(cache, null, LONG, WINDOWS);
            assertThat(again.reuse()).isEqualTo(192);
            again.check();
            assertThat(held(cache)).containsExactly(12, 4, 2);
            assertThat(again.reserve(8)).isTrue();
            again.compute(8);
            again.check();
        }
    }

    @Test
    void aPrefixEndsWhereAWindowedRegionHasLostIt() {
        // The last blocks of the narrow region give way: what is left covers an earlier end only.
        try (KvCache cache = cache(40, 40, 13)) {
            computed(cache, LONG, 10).release();
            List<Integer> other = LONG.stream().map(token -> 1_000 + token).toList();
            TrackedSequence busy = new TrackedSequence(cache, null, other, WINDOWS);
            assertThat(busy.reserve(8 * Attention.BLOCK)).isTrue(); // evicts the oldest 8 of it
            TrackedSequence again = new TrackedSequence(cache, null, LONG, WINDOWS);
            int gained = again.reuse();
            assertThat(gained).isPositive();
            again.check();
            busy.release();
        }
    }

    /** 6 rows in little room: they reuse, evict, and take from each other all the time. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void keepsWhatItPromisesUnderRandomUse(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        try (KvCache cache = cache(24, 16, 11)) {
            List<TrackedSequence> live = new ArrayList<>();
            long gained = 0;
            long preempted = 0;
            for (int step = 0; step < 2_000; step++) {
                if (live.size() < 6) {
                    live.add(new TrackedSequence(cache, null, prompt(random), WINDOWS));
                }
                TrackedSequence sequence = live.get(random.nextInt(live.size()));
                if (sequence.pending() == 0 && random.nextInt(6) == 0) {
                    sequence.release();
                    live.remove(sequence);
                    continue;
                }
                if (sequence.pending() == 0) {
                    sequence.append(random.nextInt(2));
                }
                if (sequence.computed() % Attention.BLOCK == 0) {
                    gained += sequence.reuse();
                }
                int more = 1 + random.nextInt(Math.min(sequence.pending(), 40));
                if (sequence.reserve(more)) {
                    sequence.compute(more);
                } else {
                    live.remove(random.nextInt(live.size())).release();
                    preempted++;
                }
                live.forEach(TrackedSequence::check);
                assertThat(cache.used()).isLessThanOrEqualTo(cache.capacity());
            }
            assertThat(gained).as("positions reused").isGreaterThan(1_000);
            assertThat(preempted).isPositive();
            assertThat(cache.evicted()).isGreaterThan(100);
            live.forEach(TrackedSequence::release);
            assertThat(held(cache)).containsExactly(0, 0, 0);
            assertThat(cache.used()).isZero();
        }
    }

    private static List<Integer> prompt(SplittableRandom random) {
        int document = random.nextInt(2);
        int common = random.nextInt(150);
        int own = 1 + random.nextInt(20);
        return IntStream.range(0, common + own)
                .mapToObj(i -> i < common ? 10 * document + i % 7 : random.nextInt(2))
                .toList();
    }

    /** A sequence that computes its tokens in pieces. */
    private static TrackedSequence computed(KvCache cache, List<Integer> tokens, int piece) {
        TrackedSequence sequence = new TrackedSequence(cache, null, tokens, WINDOWS);
        while (sequence.pending() > 0) {
            int more = Math.min(piece, sequence.pending());
            assertThat(sequence.reserve(more)).isTrue();
            sequence.compute(more);
        }
        return sequence;
    }

    private static List<Integer> held(KvCache cache) {
        return cache.regions().stream().map(KvRegion::held).toList();
    }

    private static KvCache cache(long... blocks) {
        DecoderShape shape =
                new DecoderShape(WINDOWS.size(), 2, new DecoderShape.HeadCounts(1, 1, 2), 2);
        List<Long> positions = new ArrayList<>();
        for (long count : blocks) {
            positions.add(count * Attention.BLOCK);
        }
        return new KvCache(
                shape, positions, true, KvPrecision.INT16, new KvSpan(WINDOWS, Integer.MAX_VALUE));
    }
}
