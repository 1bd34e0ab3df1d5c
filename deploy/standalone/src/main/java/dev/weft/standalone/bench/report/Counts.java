package dev.weft.standalone.bench.report;

import dev.weft.standalone.bench.run.RequestSample;
import dev.weft.standalone.bench.stream.Failure;
import dev.weft.standalone.bench.stream.Outcome;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The counts of requests and tokens.
 *
 * @param promptTokens prompt tokens as the server counted; null if it doesn't tell
 * @param errors kinds of failures, each with one of its messages
 */
record Counts(
        long requests,
        Answers answers,
        @Nullable PromptTokens promptTokens,
        Map<String, Errors> errors) {
    /**
     * The complete answers, all together.
     *
     * @param shorter answers with fewer tokens than requested
     * @param textEvents events with text; fewer than tokens if an event brings several
     * @param finishReasons how often the server gave each reason
     */
    record Answers(
            long count,
            long shorter,
            long tokens,
            long textEvents,
            Map<String, Long> finishReasons) {
        Answers {
            finishReasons = Collections.unmodifiableMap(new TreeMap<>(finishReasons));
        }
    }

    /** The tokens of prompts, over all requests. */
    record PromptTokens(int min, int max, long sum, long requests) {
        double mean() {
            return (double) sum / requests;
        }
    }

    /** Failures of a kind. */
    record Errors(long count, String example) {}

    Counts {
        errors = Collections.unmodifiableMap(new TreeMap<>(errors));
    }

    long failed() {
        return requests - answers.count;
    }

    static Counts of(List<RequestSample> samples) {
        long succeeded = 0;
        long shorter = 0;
        long output = 0;
        long events = 0;
        var finish = new TreeMap<String, Long>();
        for (RequestSample sample : samples) {
            if (sample.outcome() instanceof Outcome.Answered answer) {
                succeeded++;
                shorter += answer.outputTokens() < sample.askedTokens() ? 1 : 0;
                output += answer.outputTokens();
                events += answer.textEvents();
                String reason = answer.finishReason();
                finish.merge(reason == null ? "none" : reason, 1L, Long::sum);
            }
        }
        return new Counts(
                samples.size(),
                new Answers(succeeded, shorter, output, events, finish),
                promptTokens(samples),
                errors(samples));
    }

    private static @Nullable PromptTokens promptTokens(List<RequestSample> samples) {
        int[] counts =
                samples.stream()
                        .map(RequestSample::outcome)
                        .filter(Outcome.Answered.class::isInstance)
                        .mapToInt(outcome -> ((Outcome.Answered) outcome).promptTokens())
                        .filter(tokens -> tokens >= 0)
                        .toArray();
        var all = Arrays.stream(counts).summaryStatistics();
        return counts.length == 0
                ? null
                : new PromptTokens(all.getMin(), all.getMax(), all.getSum(), counts.length);
    }

    static Map<String, Errors> errors(List<RequestSample> samples) {
        var errors = new TreeMap<String, Errors>();
        for (RequestSample sample : samples) {
            if (sample.outcome() instanceof Outcome.Failed(Failure failure)) {
                errors.merge(
                        failure.kind(),
                        new Errors(1, failure.message()),
                        (known, _) -> new Errors(known.count() + 1, known.example()));
            }
        }
        return errors;
    }
}
