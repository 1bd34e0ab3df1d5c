package dev.weft.standalone.bench.report;

import dev.weft.standalone.bench.run.RequestSample;
import dev.weft.standalone.bench.stream.LongList;
import dev.weft.standalone.bench.stream.Outcome;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The results of a run, or of one model's part in it. Times are of complete answers.
 *
 * @param seconds wall time of the whole run
 * @param firstToken time from sending a request to its first text (TTFT)
 * @param interToken time between two events with text of one answer
 * @param perToken mean time between tokens of each answer: the time from its first text to its
 *     last, divided by one less than its tokens
 * @param endToEnd time from sending a request to the end of its answer
 */
record Figures(
        Counts counts,
        double seconds,
        Optional<Latencies> firstToken,
        Optional<Latencies> interToken,
        Optional<Latencies> perToken,
        Optional<Latencies> endToEnd) {
    static Figures of(List<RequestSample> samples, long wallNanos) {
        var first = new LongList(samples.size());
        var gaps = new LongList(1024);
        var perToken = new LongList(samples.size());
        var whole = new LongList(samples.size());
        for (RequestSample sample : samples) {
            if (sample.outcome() instanceof Outcome.Answered answer) {
                if (answer.textEvents() > 0) {
                    first.add(answer.firstText());
                }
                gaps.addAll(answer.gaps());
                if (answer.outputTokens() > 1 && answer.textEvents() > 1) {
                    perToken.add(Arrays.stream(answer.gaps()).sum() / (answer.outputTokens() - 1));
                }
                whole.add(sample.ended() - sample.begun());
            }
        }
        return new Figures(
                Counts.of(samples),
                wallNanos / 1e9,
                Latencies.of(first.toArray()),
                Latencies.of(gaps.toArray()),
                Latencies.of(perToken.toArray()),
                Latencies.of(whole.toArray()));
    }

    double tokensPerSecond() {
        return counts.answers().tokens() / seconds;
    }

    double requestsPerSecond() {
        return counts.answers().count() / seconds;
    }

    /** Prompt tokens divided by the wall time; 0 if the server doesn't count them. */
    double promptTokensPerSecond() {
        Counts.PromptTokens prompts = counts.promptTokens();
        return prompts == null ? 0 : prompts.sum() / seconds;
    }
}
