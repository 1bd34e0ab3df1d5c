package dev.weft.inference.cpu.batch.choice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.weft.inference.cpu.batch.schedule.Row;
import dev.weft.inference.cpu.batch.schedule.SimulatedBatch;
import dev.weft.inference.cpu.kernel.matrix.FloatMatrix;
import dev.weft.inference.engine.EngineException;
import dev.weft.inference.engine.GenerationRequest;
import dev.weft.inference.engine.Sampling;
import dev.weft.inference.engine.TokenEvent;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every request that {@link Sampling} allows gives a token, whatever the model's logits are. */
class SamplerTest {
    private static final int VOCABULARY = 70;
    private static final int BEST = 41;
    private static final List<Integer> EVERY_TOKEN =
            IntStream.range(0, VOCABULARY).boxed().toList();

    private static final double[] TEMPERATURES = {
        0, -0.0, Double.MIN_VALUE, 1e-300, 1e-40, 1e-38, 1e-30, 1e-10, 1e-5, 0.01, 1, 2, 100
    };
    private static final double[] TOP_PS = {Double.MIN_VALUE, 1e-40, 0.1, 0.9, 1 - 1e-16, 1};
    private static final int[] TOP_KS = {0, 1, 2, VOCABULARY, Integer.MAX_VALUE};
    private static final double[] MIN_PS = {0, Double.MIN_VALUE, 1e-40, 0.5, 1};
    private static final double[] PENALTIES = {-2, 0, Double.MIN_VALUE, 2};
    private static final double[] REPETITIONS = {0.01, 1, 100};
    private static final double[] BIASES = {-100, 0, Double.MIN_VALUE, 100};
    private static final long[] SEEDS = {0, -1, Long.MIN_VALUE, Long.MAX_VALUE, 7};

    /** What a model can give that is not all NaN. */
    enum ScoreShape {
        ORDINARY,
        EQUAL,
        ZERO,
        /** As large as floats are. */
        HUGE,
        TINY,
        /** One token is possible, and no other. */
        ONE,
        STEEP;

        private float at(int token, SplittableRandom random) {
            return switch (this) {
                case ORDINARY -> token == BEST ? 9 : (float) random.nextDouble(-8, 8);
                case EQUAL -> 3;
                case ZERO -> token % 2 == 0 ? 0f : -0f;
                case HUGE -> (token % 2 == 0 ? -1 : 1) * Float.MAX_VALUE;
                case TINY -> token == BEST ? Float.MIN_NORMAL : -Float.MIN_VALUE;
                case ONE -> token == BEST ? -5 : Float.NEGATIVE_INFINITY;
                case STEEP -> token == BEST ? 1e30f : -1e30f * token;
            };
        }
    }

    private final SplittableRandom random = new SplittableRandom(5);
    @AutoClose private final SimulatedBatch batch = SimulatedBatch.ofOneRow();
    private final Sampler sampler = new Sampler(VOCABULARY, new ScoreCopies());
    private final FloatMatrix logits = FloatMatrix.allocate(Arena.ofAuto(), 1, VOCABULARY);

    @Test
    void aTinyTemperatureTakesTheBestToken() {
        fill(ScoreShape.ORDINARY);
        for (double temperature : TEMPERATURES) {
            for (double topP : TOP_PS) {
                for (long seed : SEEDS) {
                    if (temperature < 0.02) {
                        assertThat(
                                        token(
                                                new Sampling(
                                                        temperature,
                                                        new Sampling.Cut(topP, 0, 0),
                                                        Sampling.Penalties.NONE,
                                                        seed,
                                                        Map.of())))
                                .as("temperature %s, top_p %s, seed %s", temperature, topP, seed)
                                .isEqualTo(BEST);
                    }
                }
            }
        }
    }

    @Test
    void theSmallestTopPAndTheLargestMinPTakeTheBestToken() {
        fill(ScoreShape.ORDINARY);
        for (long seed : SEEDS) {
            assertThat(
                            token(
                                    new Sampling(
                                            2,
                                            new Sampling.Cut(Double.MIN_VALUE, 0, 0),
                                            Sampling.Penalties.NONE,
                                            seed,
                                            Map.of())))
                    .isEqualTo(BEST);
            assertThat(
                            token(
                                    new Sampling(
                                            2,
                                            new Sampling.Cut(1, 0, 1),
                                            Sampling.Penalties.NONE,
                                            seed,
                                            Map.of())))
                    .isEqualTo(BEST);
            assertThat(
                            token(
                                    new Sampling(
                                            2,
                                            new Sampling.Cut(1, 1, 0),
                                            Sampling.Penalties.NONE,
                                            seed,
                                            Map.of())))
                    .isEqualTo(BEST);
        }
    }

    /** 0.4, 0.3 and the rest little: min_p leaves two, of which half of the weight is the first. */
    @Test
    void topPCountsWhatMinPLeaves() {
        EVERY_TOKEN.forEach(token -> logits.set(0, token, (float) Math.log(0.3 / 68)));
        logits.set(0, BEST, (float) Math.log(0.4));
        logits.set(0, 2, (float) Math.log(0.3));
        for (int seed = 0; seed < 200; seed++) {
            var cut = new Sampling.Cut(0.5, 0, 0.5);
            assertThat(token(new Sampling(1, cut, Sampling.Penalties.NONE, seed, Map.of())))
                    .isEqualTo(BEST);
        }
    }

    @Test
    void penaltiesScaleWhatTheBiasHasAdded() {
        EVERY_TOKEN.forEach(token -> logits.set(0, token, 0));
        logits.set(0, 2, 1); // in the prompt: (1 + 5) / 2
        logits.set(0, 7, 4);
        var halved = new Sampling.Penalties(0, 0, 2);
        assertThat(token(new Sampling(0, Sampling.Cut.NONE, halved, 0, Map.of(2, 5.0))))
                .isEqualTo(7);
    }

    @Test
    void aBadWordBeginsInTheAnswer() {
        EVERY_TOKEN.forEach(token -> logits.set(0, token, 0));
        logits.set(0, 7, 4);
        // the prompt ends with 2, the answer with 5
        assertThat(token(banning(List.of(2, 5, 7)))).isEqualTo(7);
        assertThat(token(banning(List.of(5, 7)))).isNotEqualTo(7);
    }

    private static Sampling banning(List<Integer> word) {
        return new Sampling(
                0, Sampling.Cut.NONE, Sampling.Penalties.NONE, 0, Map.of(), List.of(word));
    }

    @ParameterizedTest
    @EnumSource
    void everyCornerGivesATokenThatIsPossible(ScoreShape shape) {
        fill(shape);
        for (double temperature : TEMPERATURES) {
            for (double topP : TOP_PS) {
                for (int topK : TOP_KS) {
                    for (double minP : MIN_PS) {
                        for (double penalty : PENALTIES) {
                            for (double repetition : REPETITIONS) {
                                possible(
                                        new Sampling(
                                                temperature,
                                                new Sampling.Cut(topP, topK, minP),
                                                new Sampling.Penalties(
                                                        penalty, -penalty, repetition),
                                                SEEDS[random.nextInt(SEEDS.length)],
                                                bias()),
                                        0,
                                        List.of());
                            }
                        }
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void randomCombinationsGiveATokenThatIsPossibleAndNotForbidden(ScoreShape shape) {
        for (int i = 0; i < 5_000; i++) {
            fill(shape);
            List<Integer> stop = tokens(random.nextInt(VOCABULARY - 2));
            stop.removeIf(token -> token == BEST);
            int chosen = possible(anything(), random.nextInt(2), stop);
            assertThat(chosen).isBetween(0, VOCABULARY - 1);
        }
    }

    @Test
    void whoForbidsEveryTokenIsToldSo() {
        fill(ScoreShape.ORDINARY);
        for (Sampling sampling : List.of(Sampling.greedy(), Sampling.of(1, 0))) {
            assertThatExceptionOfType(EngineException.class)
                    .isThrownBy(() -> sample(sampling, 2, EVERY_TOKEN, -1))
                    .withMessageContaining("min_tokens 2 with 70 stop tokens")
                    .satisfies(e ->
                            assertThat(e.reason())
                                    .isEqualTo(EngineException.Cause.INVALID_REQUEST));
        }
        List<List<Integer>> words = EVERY_TOKEN.stream().map(List::of).toList();
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() ->
                        token(
                                new Sampling(
                                        1,
                                        new Sampling.Cut(0.9, 0, 0),
                                        Sampling.Penalties.NONE,
                                        0,
                                        Map.of(),
                                        words)))
                .withMessageContaining("70 bad_words");
    }

    @Test
    void logitsThatAreNoNumbersAreAnErrorOfTheRequest() {
        for (float wrong : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            fill(ScoreShape.ORDINARY);
            logits.set(0, 3, wrong);
            assertThatExceptionOfType(EngineException.class)
                    .isThrownBy(() -> token(Sampling.greedy()))
                    .withMessageContaining("are not numbers")
                    .satisfies(e ->
                            assertThat(e.reason()).isEqualTo(EngineException.Cause.REQUEST_FAILED));
        }
        for (int token : EVERY_TOKEN) {
            logits.set(0, token, Float.NEGATIVE_INFINITY);
        }
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> token(Sampling.of(1, 0)))
                .withMessageContaining("are not numbers");
    }

    private void fill(ScoreShape shape) {
        for (int token : EVERY_TOKEN) {
            logits.set(0, token, shape.at(token, random));
        }
    }

    private int possible(Sampling sampling, int minTokens, List<Integer> stop) {
        TokenEvent event = sample(sampling, minTokens, stop, 3);
        String what = "%s, min_tokens %s, %s".formatted(sampling, minTokens, stop);
        assertThat(logits.get(0, event.token())).as(what).isGreaterThan(Float.NEGATIVE_INFINITY);
        assertThat(event.logProbability()).as(what).isLessThanOrEqualTo(1e-3f);
        if (minTokens > 0) {
            assertThat(stop).as(what).doesNotContain(event.token());
        }
        return event.token();
    }

    private int token(Sampling sampling) {
        return sample(sampling, 0, List.of(), -1).token();
    }

    /** The prompt holds the best token and another one, the answer a third. */
    private TokenEvent sample(Sampling sampling, int minTokens, List<Integer> stop, int top) {
        GenerationRequest request =
                new GenerationRequest(
                        "r",
                        null,
                        List.of(BEST, 2),
                        new GenerationRequest.Ending(9, minTokens, stop),
                        sampling,
                        top);
        Row row = batch.row(request);
        if (minTokens != 1) {
            row.accept(new TokenEvent(0, 5, false, Float.NaN, List.of()), 1_000);
        }
        return ((Drawn.Token) sampler.sample(row, logits, 0)).event();
    }

    private Sampling anything() {
        return new Sampling(
                one(TEMPERATURES),
                new Sampling.Cut(one(TOP_PS), TOP_KS[random.nextInt(TOP_KS.length)], one(MIN_PS)),
                new Sampling.Penalties(one(PENALTIES), one(PENALTIES), one(REPETITIONS)),
                random.nextLong(),
                bias());
    }

    private Map<Integer, Double> bias() {
        return Map.of(BEST, one(BIASES), random.nextInt(BEST), one(BIASES));
    }

    private double one(double[] of) {
        return of[random.nextInt(of.length)];
    }

    private List<Integer> tokens(int count) {
        int[] draws = random.ints(3L * count, 0, VOCABULARY).distinct().limit(count).toArray();
        return Arrays.stream(draws).boxed().collect(Collectors.toCollection(ArrayList::new));
    }
}
