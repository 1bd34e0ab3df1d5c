package dev.weft.inference.relay.host;

import dev.weft.inference.engine.EngineException;
import dev.weft.inference.relay.call.ServerCalls;
import dev.weft.inference.relay.dialect.AdapterCall;
import dev.weft.inference.relay.dialect.Dialect;
import dev.weft.inference.relay.dialect.ServerReply;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Proves that a server applies an adapter: what it thinks of the next token behind some fixed
 * prompts must differ from what the base thinks by much, or by more than the adapter differs from
 * itself. Servers accept adapters that they then don't apply, for layers that the model lacks or
 * modules that they pass over.
 *
 * <p>Other requests in the batch change the last bits of an answer. So each prompt counts by the
 * log-probability of its likeliest next token alone, which such a change moves a little even if
 * another token becomes the likeliest, and the mean over all prompts decides. (Longer answers part
 * at a near tie, and then differ by as much as an adapter makes.) A few short prompts show most
 * adapters; many longer ones are asked if those don't, since a server on a CPU reads some 70 tokens
 * a second for an adapter.
 *
 * <p>The base is asked twice, since a server that has cached a prompt answers with other last bits:
 * an adapter differs from the nearer answer, and by more than the two differ. It is asked before
 * the server has an adapter: vLLM 0.32 on a CPU answers requests for the base with the weights of
 * its last slot if an adapter is in the same batch.
 */
final class Canary {
    private static final Logger LOG = LoggerFactory.getLogger(Canary.class);
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final int ROUNDS = 3;

    /**
     * Mean differences. No change of the batch makes the larger one: in bf16 single
     * log-probabilities have been seen to move by 0.2, the mean of eight by 0.02. A change that
     * makes the smaller one makes it in the adapter's own answers, too.
     */
    private static final double CERTAIN = 0.1;

    private static final double LIKELY = 0.05;

    /** A smaller mean difference counts as zero; summing in another order causes as much. */
    private static final double LEAST = 0.001;

    private static final List<List<Integer>> SHORT = prompts(2, 6);
    private static final List<List<Integer>> LONG = prompts(8, 16);

    /** Only log-probabilities of answers: those of prompts have crashed vLLM's engine. */
    private static final Map<String, Object> ASKED =
            Map.of("logprobs", 1, "max_tokens", 1, "temperature", 0, "ignore_eos", true);

    private final ServerCalls calls;
    private final Dialect dialect;
    private final String base;

    /** What the base thinks of both kinds of prompts; null until it was asked. */
    private volatile @Nullable OfBase ofBase;

    private record OfBase(Twice ofShort, Twice ofLong) {}

    /** What the base thinks at first, and of prompts that it has seen. */
    private record Twice(List<Double> cold, List<Double> cached) {
        double distance(List<Double> other) {
            return Math.min(Canary.distance(cold, other), Canary.distance(cached, other));
        }

        double noise() {
            return Canary.distance(cold, cached);
        }
    }

    Canary(ServerCalls calls, Dialect dialect, String base) {
        this.calls = calls;
        this.dialect = dialect;
        this.base = base;
    }

    /** Ids that every vocabulary has, in an order of its own for each prompt. */
    private static List<List<Integer>> prompts(int count, int length) {
        return IntStream.range(0, count)
                .mapToObj(n ->
                        IntStream.range(0, length)
                                .mapToObj(i -> 3 + (7 * i + 31 * n + i * i * n) % 217)
                                .toList())
                .toList();
    }

    /**
     * Asks the base, if the server makes text; else {@link #prove} says so. To be asked while the
     * server has no adapters.
     */
    void learn() throws IOException, InterruptedException {
        // what is not learnt now is before the next proof: this may be another server
        ofBase = null;
        try {
            ofBase = askBase();
        } catch (EngineException e) {
            LOG.info("the base makes no text, so that no adapter can be proven: {}", e.toString());
        }
    }

    private OfBase askBase() throws IOException, InterruptedException {
        RelayTarget target = new RelayTarget(base, Map.of());
        return new OfBase(askTwice(target, SHORT), askTwice(target, LONG));
    }

    private Twice askTwice(RelayTarget target, List<List<Integer>> prompts)
            throws IOException, InterruptedException {
        return new Twice(ask(target, prompts), ask(target, prompts));
    }

    /**
     * Returns if the adapter is applied.
     *
     * @throws EngineException {@code INVALID_ADAPTER} if it isn't, or the server refuses it; {@code
     *     FAILED} if the server fails
     */
    void prove(RelayTarget adapter) throws IOException, InterruptedException {
        OfBase plain = ofBase;
        if (plain == null) {
            plain = askBase();
            ofBase = plain;
        }
        List<Double> first = ask(adapter, SHORT);
        if (plain.ofShort.distance(first) > CERTAIN) {
            return;
        }
        Difference seen = Difference.of(plain.ofShort, first, ask(adapter, SHORT));
        if (seen.effect > LIKELY && seen.isBeyondNoise()) {
            return;
        }
        List<Double> before = ask(adapter, LONG);
        for (int round = 0; round < ROUNDS; round++) {
            List<Double> after = ask(adapter, LONG);
            seen = Difference.of(plain.ofLong, before, after);
            LOG.debug("{}: {}", adapter.model(), seen);
            if (seen.isBeyondNoise()) {
                return;
            }
            before = after;
        }
        throw EngineException.invalidAdapter(
                "the server accepts the adapter and does not apply it: with it, log-probabilities"
                        + " of single tokens differ from the base's by %.4f, and from its own by %.4f"
                                .formatted(seen.effect, seen.noise));
    }

    /**
     * What two answers show.
     *
     * @param effect by how much they differ from the base's
     * @param noise by how much they differ from each other, or the base's do
     */
    private record Difference(double effect, double noise) {
        static Difference of(Twice base, List<Double> before, List<Double> after) {
            return new Difference(
                    Math.min(base.distance(before), base.distance(after)),
                    Math.max(base.noise(), distance(before, after)));
        }

        boolean isBeyondNoise() {
            return effect > 2 * noise + LEAST;
        }
    }

    private List<Double> ask(RelayTarget target, List<List<Integer>> prompts)
            throws IOException, InterruptedException {
        Map<String, Object> body = new HashMap<>(ASKED);
        body.putAll(target.fields());
        body.put("model", target.model());
        body.put("prompt", prompts);
        ServerReply reply = calls.post(new AdapterCall("/v1/completions", body), DEADLINE);
        if (!reply.ok()) {
            String why =
                    "a request of %d prompts to %s: %s"
                            .formatted(prompts.size(), target.model(), reply.quoted());
            throw dialect.isRefused(reply)
                    ? EngineException.invalidAdapter(why)
                    : new EngineException(EngineException.Cause.FAILED, why);
        }
        return logProbabilities(reply.text(), prompts.size());
    }

    /** One for each prompt, in the order of the prompts. */
    private static List<Double> logProbabilities(String json, int prompts) throws IOException {
        @Nullable Double[] values = new @Nullable Double[prompts];
        try {
            for (JsonNode choice : JsonMapper.shared().readTree(json).path("choices")) {
                JsonNode logprobs = choice.path("logprobs");
                JsonNode list =
                        logprobs.path("token_logprobs").isArray()
                                ? logprobs.path("token_logprobs")
                                : logprobs.path("content");
                JsonNode first = list.path(0);
                JsonNode number = first.isObject() ? first.path("logprob") : first;
                int index = choice.path("index").asInt(-1);
                if (number.isNumber() && index >= 0 && index < prompts) {
                    values[index] = number.asDouble();
                }
            }
        } catch (JacksonException e) {
            throw new IOException("/v1/completions did not answer with JSON", e);
        }
        List<Double> all = new ArrayList<>();
        for (Double value : values) {
            if (value == null) {
                throw new IOException(
                        "/v1/completions did not answer each prompt with a log-probability");
            }
            all.add(value);
        }
        return all;
    }

    /** The mean difference. */
    private static double distance(List<Double> one, List<Double> other) {
        return IntStream.range(0, one.size())
                .mapToDouble(i -> Math.abs(one.get(i) - other.get(i)))
                .average()
                .orElse(0);
    }
}
