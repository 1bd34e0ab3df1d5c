package dev.weft.inference.cpu.batch.choice;

import dev.weft.inference.cpu.batch.schedule.Row;
import dev.weft.inference.cpu.batch.schedule.RowConstraint;
import dev.weft.inference.cpu.kernel.matrix.FloatMatrix;
import dev.weft.inference.cpu.kernel.vector.Logits;
import dev.weft.inference.cpu.lora.LoraSlot;
import dev.weft.inference.engine.EngineException;
import dev.weft.inference.engine.GenerationRequest;
import dev.weft.inference.engine.Sampling;
import dev.weft.inference.engine.TokenEvent;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Chooses a row's next token from its logits. The choice depends on nothing but the request, its
 * tokens and the logits; the random number comes from the seed and the token's index. Each member
 * of the team has its own.
 */
public final class Sampler {
    /** Turns a seed into the seed of second choices. */
    private static final long SECOND = 0xd1b54a32d192ed03L;

    private final float[] scores;
    private final Candidates candidates;
    private final ScoreCopies copies;

    public Sampler(int vocabularySize, ScoreCopies copies) {
        this.copies = copies;
        this.scores = new float[vocabularySize];
        this.candidates = new Candidates(vocabularySize);
    }

    /**
     * The next token, or the choice that the row's constraint has to be asked about.
     *
     * @throws EngineException {@code REQUEST_FAILED} if the logits hold no number to choose by,
     *     {@code INVALID_REQUEST} if the request forbids every token
     */
    public Drawn sample(Row row, FloatMatrix logits, int logitRow) {
        GenerationRequest request = row.request();
        Logits.copyRow(logits, logitRow, scores);
        if (!Logits.usable(scores)) {
            throw notANumber(row);
        }
        List<TokenEvent.TopToken> top = List.of();
        double logSum = Double.NaN;
        if (request.topLogProbabilities() >= 0) {
            logSum = Logits.logSumExp(scores);
            top = candidates.top(scores, request.topLogProbabilities(), logSum);
        }
        score(row);
        RowConstraint constraint = row.constraint();
        int token = constraint == null ? choose(row) : chooseUncut(row);
        if (constraint != null) {
            boolean certain = certain(token, request.sampling());
            Optional<Boolean> allowed = certain ? constraint.allows(token) : Optional.empty();
            if (!allowed.orElse(false)) {
                boolean tested = allowed.isPresent();
                float[] own = new float[Double.isNaN(logSum) ? 0 : scores.length];
                Logits.copyRow(logits, logitRow, own);
                return new Drawn.Refused(
                        new Unmasked(token, tested, certain, copies.of(scores), own, logSum, top));
            }
        }
        return new Drawn.Token(event(row, token, logits.get(logitRow, token) - logSum, top));
    }

    private boolean certain(int token, Sampling sampling) {
        return sampling.temperature() == 0
                || Certainty.of(token, candidates, scores.length, sampling.cut());
    }

    /** The event of a chosen token. */
    static TokenEvent event(
            Row row, int token, double logProbability, List<TokenEvent.TopToken> top) {
        boolean end = row.request().ending().stopTokens().contains(token);
        return new TokenEvent(row.produced(), token, end, (float) logProbability, top);
    }

    /** Makes scores of the logits; the largest is finite. */
    private void score(Row row) {
        GenerationRequest request = row.request();
        Sampling sampling = request.sampling();
        // in vLLM's order: penalties scale what the bias has added
        sampling.logitBias()
                .forEach((token, bias) -> scores[token] = finite(scores[token] + (double) bias));
        penalise(row, sampling);
        if (row.produced() < request.ending().minTokens()) {
            for (int token : request.ending().heldBack()) {
                scores[token] = Float.NEGATIVE_INFINITY;
            }
        }
        sampling.badWords().forEach(word -> ban(row, word));
        if (!Logits.usable(scores)) {
            throw nothingLeft(row);
        }
    }

    private int choose(Row row) {
        Sampling sampling = row.request().sampling();
        return sampling.temperature() == 0
                ? Logits.argmax(scores)
                : candidates.draw(scores, sampling, uniform(sampling.seed(), row.produced()));
    }

    private int chooseUncut(Row row) {
        Sampling sampling = row.request().sampling();
        return sampling.temperature() == 0
                ? Logits.argmax(scores)
                : candidates.drawUncut(
                        scores,
                        scores.length,
                        sampling.temperature(),
                        uniform(sampling.seed(), row.produced()));
    }

    /**
     * Takes every chance from a bad word's last token if its others have just come, in the answer.
     */
    private void ban(Row row, List<Integer> word) {
        int before = word.size() - 1;
        int from = row.length() - before;
        boolean came = before <= row.produced();
        for (int i = 0; came && i < before; i++) {
            came = row.token(from + i) == word.get(i);
        }
        if (came) {
            scores[word.getLast()] = Float.NEGATIVE_INFINITY;
        }
    }

    private void penalise(Row row, Sampling sampling) {
        double repetition = sampling.penalties().repetition();
        if (repetition != 1) {
            row.counts().prompt().forEach(token -> repeat(token, repetition));
            for (int token : row.counts().produced().keySet()) {
                if (!row.counts().prompt().contains(token)) {
                    repeat(token, repetition);
                }
            }
        }
        for (Map.Entry<Integer, Integer> entry : row.counts().produced().entrySet()) {
            double penalty =
                    sampling.penalties().presence()
                            + sampling.penalties().frequency() * entry.getValue();
            scores[entry.getKey()] = finite(scores[entry.getKey()] - penalty);
        }
    }

    private void repeat(int token, double penalty) {
        float score = scores[token];
        scores[token] = finite(score > 0 ? score / penalty : score * penalty);
    }

    /**
     * The nearest finite score. However large the logits are, only tokens without a chance are
     * infinite, so the difference to the best is always a number.
     */
    private static float finite(double score) {
        return score == Double.NEGATIVE_INFINITY
                ? Float.NEGATIVE_INFINITY
                : (float) Math.clamp(score, -Float.MAX_VALUE, Float.MAX_VALUE);
    }

    /**
     * The error of a row whose logits are not numbers: finite weights can overflow. It fails that
     * request, not the batch.
     */
    private static EngineException notANumber(Row row) {
        LoraSlot slot = row.slot();
        return new EngineException(
                EngineException.Cause.REQUEST_FAILED,
                "the logits of token "
                        + row.produced()
                        + " are not numbers; the weights of "
                        + (slot == null ? "the base" : "adapter " + slot.digest())
                        + " overflow on this input");
    }

    static EngineException nothingLeft(Row row) {
        return new EngineException(
                EngineException.Cause.INVALID_REQUEST,
                "token "
                        + row.produced()
                        + " can't be chosen: min_tokens "
                        + row.request().ending().minTokens()
                        + " with "
                        + row.request().ending().heldBack().size()
                        + " stop tokens, and "
                        + row.request().sampling().badWords().size()
                        + " bad_words, forbid every token that is possible here");
    }

    /**
     * The random number of a second choice at the same index; it is independent of the first one's.
     */
    static double secondUniform(long seed, int index) {
        return uniform(seed ^ SECOND, index);
    }

    /** A number in [0, 1) from seed and index (SplitMix64's finaliser, Steele et al. 2014). */
    static double uniform(long seed, int index) {
        long z = seed + 0x9e3779b97f4a7c15L * (index + 1L);
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        z = z ^ (z >>> 31);
        return (z >>> 11) * 0x1.0p-53;
    }
}
