package dev.weft.inference.cpu.batch;

import dev.weft.inference.cpu.kernel.FloatMatrix;
import dev.weft.inference.cpu.kernel.Logits;
import dev.weft.inference.engine.GenerationRequest;
import dev.weft.inference.engine.Sampling;
import dev.weft.inference.engine.TokenEvent;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Chooses a row's next token from its logits. Depends on nothing but the request, its tokens and
 * the logits; the random number comes from the seed and the token's index. Each member of the team
 * has its own.
 */
final class Sampler {
    private final float[] scores;
    private final Candidates candidates;

    Sampler(int vocabularySize) {
        this.scores = new float[vocabularySize];
        this.candidates = new Candidates(vocabularySize);
    }

    /** The next token; null where the logits hold no number to choose by. */
    @Nullable TokenEvent sample(Row row, FloatMatrix logits, int logitRow) {
        GenerationRequest request = row.request();
        Logits.copyRow(logits, logitRow, scores);
        if (!Logits.usable(scores)) {
            return null;
        }
        List<TokenEvent.TopToken> top = List.of();
        double logSum = Double.NaN;
        if (request.topLogProbabilities() >= 0) {
            logSum = Logits.logSumExp(scores);
            top = candidates.top(scores, request.topLogProbabilities(), logSum);
        }
        int token = choose(row);
        float logProbability = (float) (logits.get(logitRow, token) - logSum);
        boolean end = request.stopTokens().contains(token);
        return new TokenEvent(row.produced(), token, end, logProbability, top);
    }

    private int choose(Row row) {
        GenerationRequest request = row.request();
        Sampling sampling = request.sampling();
        penalise(row, sampling);
        sampling.logitBias().forEach((token, bias) -> scores[token] += bias.floatValue());
        if (row.produced() < request.minTokens()) {
            for (int stop : request.stopTokens()) {
                scores[stop] = Float.NEGATIVE_INFINITY;
            }
        }
        sampling.badWords().forEach(word -> ban(row, word));
        if (sampling.temperature() == 0) {
            return Logits.argmax(scores);
        }
        return candidates.draw(scores, sampling, uniform(sampling.seed(), row.produced()));
    }

    /** Its last token has no chance where all others of it have just come. */
    private void ban(Row row, List<Integer> word) {
        int before = word.size() - 1;
        int from = row.length() - before;
        boolean came = from >= 0;
        for (int i = 0; came && i < before; i++) {
            came = row.token(from + i) == word.get(i);
        }
        if (came) {
            scores[word.getLast()] = Float.NEGATIVE_INFINITY;
        }
    }

    private void penalise(Row row, Sampling sampling) {
        double repetition = sampling.repetitionPenalty();
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
                    sampling.presencePenalty() + sampling.frequencyPenalty() * entry.getValue();
            scores[entry.getKey()] -= (float) penalty;
        }
    }

    private void repeat(int token, double penalty) {
        float score = scores[token];
        scores[token] = (float) (score > 0 ? score / penalty : score * penalty);
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
