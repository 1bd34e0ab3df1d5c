package dev.weft.inference.cpu.batch.choice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.weft.inference.cpu.batch.schedule.Row;
import dev.weft.inference.cpu.batch.schedule.SimulatedBatch;
import dev.weft.inference.cpu.kernel.matrix.FloatMatrix;
import dev.weft.inference.cpu.kernel.vector.Logits;
import dev.weft.inference.engine.EngineException;
import dev.weft.inference.engine.GenerationRequest;
import dev.weft.inference.engine.Owner;
import dev.weft.inference.engine.Sampling;
import dev.weft.inference.engine.TokenEvent;
import dev.weft.inference.engine.constraint.ScriptedConstraint;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The choice under a constraint is distributed as if the logits had been masked first, though most
 * choices need no mask.
 */
class MaskedChoiceTest {
    private static final int VOCABULARY = 70;
    private static final int DRAWS = 40_000;

    @AutoClose private final SimulatedBatch batch = SimulatedBatch.ofOneRow();
    private final Sampler sampler = new Sampler(VOCABULARY, new ScoreCopies());
    private final MaskedChoice scratch = new MaskedChoice(VOCABULARY);
    private final long[] bits = new long[2];
    private final FloatMatrix logits = FloatMatrix.allocate(Arena.ofAuto(), 1, VOCABULARY);
    private Predicate<Integer> mask = token -> token % 3 != 0;
    private int masks;

    /** Refused are every third token and the best ones, so that cuts move far. */
    @ParameterizedTest
    @CsvSource({
        "1, 1, 0, 0",
        "0.7, 1, 0, 0",
        "1.5, 1, 5, 0",
        "1, 1, 40, 0",
        "1, 0.9, 0, 0",
        "1.3, 0.5, 0, 0",
        "1, 0.05, 0, 0",
        "1, 1, 0, 0.1",
        "1.2, 1, 0, 0.5",
        "1, 0.8, 10, 0.02",
        "0.9, 0.95, 20, 0",
    })
    void choicesAreDistributedAsIfMaskedFirst(
            double temperature, double topP, int topK, double minP) {
        Sampling.Cut cut = new Sampling.Cut(topP, topK, minP);
        for (int best : new int[] {0, 1, 4}) {
            fill(best);
            draw(temperature, cut, "best of kind " + best);
            if (best != 0) {
                assertThat(masks).as("some choices stand without a mask").isLessThan(DRAWS);
            }
        }
    }

    /** So few that they are put side by side. */
    @ParameterizedTest
    @CsvSource({
        "0.7, 1, 0, 0",
        "1.5, 1, 3, 0",
        "1, 0.7, 0, 0",
        "1, 1, 0, 0.1",
        "1, 0.9, 10, 0.02",
    })
    void choicesAmongFewAreDistributedAsIfMaskedFirst(
            double temperature, double topP, int topK, double minP) {
        mask = List.of(1, 31, 64, VOCABULARY - 1)::contains;
        for (int best : new int[] {0, 1}) {
            fill(best);
            draw(temperature, new Sampling.Cut(topP, topK, minP), "best of kind " + best);
        }
    }

    @Test
    void greedyIsTheBestAllowedTokenHoweverManyAreAllowed() {
        SplittableRandom random = new SplittableRandom(5);
        for (int allowed = 1; allowed <= VOCABULARY; allowed++) {
            fill(0);
            Set<Integer> tokens = new TreeSet<>();
            while (tokens.size() < allowed) {
                tokens.add(random.nextInt(VOCABULARY));
            }
            mask = tokens::contains;
            int best =
                    tokens.stream()
                            .max(Comparator.comparingDouble(token -> logits.get(0, token)))
                            .orElseThrow();
            assertThat(token(Sampling.greedy())).as("of %s", tokens).isEqualTo(best);
        }
    }

    private void draw(double temperature, Sampling.Cut cut, String what) {
        masks = 0;
        int[] counts = new int[VOCABULARY];
        for (int seed = 0; seed < DRAWS; seed++) {
            counts[
                    token(
                            new Sampling(
                                    temperature, cut, Sampling.Penalties.NONE, seed, Map.of()))]++;
        }
        check(counts, expected(temperature, cut), "%s %s, %s".formatted(temperature, cut, what));
    }

    @Test
    void logProbabilitiesAreThoseOfTheModelWithoutTheMask() {
        fill(0);
        float[] free = new float[VOCABULARY];
        Logits.copyRow(logits, 0, free);
        double sum = Logits.logSumExp(free);
        TokenEvent event = ((Drawn.Token) draw(row(Sampling.greedy(), 3, allowed()))).event();
        assertThat(event.token() % 3).isNotZero();
        assertThat(event.logProbability()).isEqualTo((float) (free[event.token()] - sum));
        assertThat(event.top().getFirst().token() % 3).as("it is the model's best").isZero();
    }

    @Test
    void anEmptyMaskIsAnErrorUnlessTheAnswerMayEnd() {
        fill(0);
        ScriptedConstraint stuck = ScriptedConstraint.only(VOCABULARY, _ -> false);
        Drawn.Failed failed = (Drawn.Failed) draw(row(Sampling.of(1, 3), -1, stuck));
        assertThat(failed.error())
                .hasMessageContaining("allows no token")
                .extracting(EngineException::reason)
                .isEqualTo(EngineException.Cause.CONSTRAINT_FAILED);
        ScriptedConstraint over = new ScriptedConstraint(VOCABULARY, (_, _) -> false, _ -> true);
        assertThat(draw(row(Sampling.greedy(), -1, over))).isEqualTo(new Drawn.Complete());
    }

    @Test
    void aMaskedTokenThatIsNotAcceptedIsAnErrorOfTheConstraint() {
        fill(0);
        ScriptedConstraint wrong =
                new ScriptedConstraint(VOCABULARY, (_, _) -> false, _ -> false) {
                    @Override
                    public void mask(long[] bits, long deadline) {
                        Arrays.fill(bits, -1L);
                    }
                };
        Drawn.Failed failed = (Drawn.Failed) draw(row(Sampling.of(1, 3), -1, wrong));
        assertThat(failed.error())
                .hasMessageContaining("takes no token")
                .extracting(EngineException::reason)
                .isEqualTo(EngineException.Cause.CONSTRAINT_FAILED);
    }

    @Test
    void allowedTokensThatTheRequestForbidsAreAnErrorOfTheRequest() {
        fill(0);
        Sampling without =
                new Sampling(
                        0,
                        Sampling.Cut.NONE,
                        Sampling.Penalties.NONE,
                        0,
                        Map.of(),
                        List.of(List.of(5)));
        ScriptedConstraint five = ScriptedConstraint.only(VOCABULARY, token -> token == 5);
        Drawn.Failed failed = (Drawn.Failed) draw(row(without, -1, five));
        assertThat(failed.error()).hasMessageContaining("1 bad_words");
    }

    @Test
    void thereIsNoBestOfTokensWithoutAChance() {
        float[] none = new float[VOCABULARY];
        Arrays.fill(none, Float.NEGATIVE_INFINITY);
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> Logits.argmax(none));
    }

    /** Tokens whose number has this remainder are the likely ones; those of 0 are refused. */
    private void fill(int likely) {
        SplittableRandom random = new SplittableRandom(11);
        for (int token = 0; token < VOCABULARY; token++) {
            boolean up = likely == 4 ? token < 2 : token % 3 == likely;
            logits.set(0, token, (float) (random.nextDouble(-2, 2) + (up ? 2 : 0)));
        }
    }

    private ScriptedConstraint allowed() {
        return ScriptedConstraint.only(VOCABULARY, mask);
    }

    private int token(Sampling sampling) {
        return ((Drawn.Token) draw(row(sampling, -1, allowed()))).event().token();
    }

    private Row row(Sampling sampling, int top, ScriptedConstraint constraint) {
        return batch.row(
                new GenerationRequest(
                        "r",
                        null,
                        List.of(1),
                        GenerationRequest.Ending.after(9),
                        new GenerationRequest.Selection(sampling, top, constraint),
                        Owner.NOBODY));
    }

    private Drawn draw(Row row) {
        Drawn drawn = sampler.sample(row, logits, 0);
        if (drawn instanceof Drawn.Refused(Unmasked choice)) {
            masks++;
            return new MaskWork(row, choice).run(scratch, bits, Long.MAX_VALUE);
        }
        return drawn;
    }

    /** The plain way: mask, then temperature and cuts as for anybody. */
    private double[] expected(double temperature, Sampling.Cut cut) {
        float[] masked = new float[VOCABULARY];
        Logits.copyRow(logits, 0, masked);
        for (int token = 0; token < VOCABULARY; token++) {
            masked[token] = mask.test(token) ? masked[token] : Float.NEGATIVE_INFINITY;
        }
        Candidates plain = new Candidates(VOCABULARY);
        int[] kept =
                plain.kept(
                        masked,
                        VOCABULARY,
                        new Sampling(temperature, cut, Sampling.Penalties.NONE, 0, Map.of()));
        double sum = IntStream.of(kept).mapToDouble(plain::weight).sum();
        double[] expected = new double[VOCABULARY];
        for (int token : kept) {
            expected[token] = DRAWS * plain.weight(token) / sum;
        }
        return expected;
    }

    /** Chi-square; its mean is the degrees of freedom, its variance twice that. */
    private static void check(int[] counts, double[] expected, String what) {
        double chi = 0;
        int cells = 0;
        for (int token = 0; token < VOCABULARY; token++) {
            if (expected[token] == 0) {
                assertThat(counts[token]).as("%s: token %d", what, token).isZero();
            } else {
                cells++;
                chi += Math.pow(counts[token] - expected[token], 2) / expected[token];
            }
        }
        double freedom = cells - 1;
        assertThat(chi)
                .as("%s: chi-square of %d cells", what, cells)
                .isLessThanOrEqualTo(freedom + 4.5 * Math.sqrt(2 * freedom) + 1e-9);
    }
}
