package dev.weft.inference.relay.host;

import dev.weft.inference.engine.EngineException;
import dev.weft.inference.relay.dialect.AdapterCall;
import dev.weft.inference.relay.dialect.Dialect;
import dev.weft.inference.relay.dialect.ServerReply;
import dev.weft.inference.relay.server.ServerCalls;
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
 * at a near tie, and then differ by as much as an adapter makes.)
 *
 * <p>The base is asked once, before the server has an adapter: vLLM 0.32 on a CPU answers requests
 * for the base with the weights of its last slot if an adapter is in the same batch.
 */
final class Canary {
    private static final Logger LOG = LoggerFactory.getLogger(Canary.class);
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final int ROUNDS = 3;

    /**
     * No change of the batch makes such a mean difference: in bf16 single log-probabilities have
     * been seen to move by 0.2, their mean by 0.02.
     */
    private static final double CERTAIN = 0.1;

    private static final int PROMPTS = 8;
    private static final int LENGTH = 16;

    /** Ids that every vocabulary has, in an order of its own for each prompt. */
    private static final List<List<Integer>> PROMPT =
            IntStream.range(0, PROMPTS)
                    .mapToObj(n ->
                            IntStream.range(0, LENGTH)
                                    .mapToObj(i -> 3 + (7 * i + 31 * n + i * i * n) % 217)
                                    .toList())
                    .toList();

    /** Of answers alone: vLLM's engine has ended by those of prompts. */
    private static final Map<String, Object> ASKED =
            Map.of("logprobs", 1, "max_tokens", 1, "temperature", 0, "ignore_eos", true);

    private final ServerCalls calls;
    private final Dialect dialect;
    private final String base;

    /** What the base thinks; empty until it was asked. */
    private volatile List<Double> ofBase = List.of();

    Canary(ServerCalls calls, Dialect dialect, String base) {
        this.calls = calls;
        this.dialect = dialect;
        this.base = base;
    }

    /**
     * Asks the base, if the server makes text; else {@link #prove} says so. To be asked while the
     * server has no adapters.
     */
    void learn() throws IOException, InterruptedException {
        try {
            ofBase = ask(new RelayTarget(base, Map.of()));
        } catch (EngineException e) {
            LOG.info("the base makes no text, so that no adapter can be proven: {}", e.toString());
        }
    }

    /**
     * Returns if the adapter is applied.
     *
     * @throws EngineException {@code INVALID_ADAPTER} if it isn't, or the server refuses it; {@code
     *     FAILED} if the server fails
     */
    void prove(RelayTarget adapter) throws IOException, InterruptedException {
        if (ofBase.isEmpty()) {
            ofBase = ask(new RelayTarget(base, Map.of()));
        }
        List<Double> before = ask(adapter);
        if (distance(ofBase, before) > CERTAIN) {
            return;
        }
        String seen = "";
        for (int round = 0; round < ROUNDS; round++) {
            List<Double> after = ask(adapter);
            double noise = distance(before, after);
            double effect = Math.min(distance(ofBase, before), distance(ofBase, after));
            LOG.debug("{} differs by {}, from itself by {}", adapter.model(), effect, noise);
            if (effect > 2 * noise) {
                return;
            }
            seen = "by %.4f, and from its own by %.4f".formatted(effect, noise);
            before = after;
        }
        throw EngineException.invalidAdapter(
                "the server accepts the adapter and does not apply it: with it, log-probabilities"
                        + " of single tokens differ from the base's "
                        + seen);
    }

    private List<Double> ask(RelayTarget target) throws IOException, InterruptedException {
        Map<String, Object> body = new HashMap<>(ASKED);
        body.putAll(target.fields());
        body.put("model", target.model());
        body.put("prompt", PROMPT);
        ServerReply reply = calls.post(new AdapterCall("/v1/completions", body), DEADLINE);
        if (!reply.ok()) {
            String why =
                    "a request of %d prompts to %s: %s"
                            .formatted(PROMPTS, target.model(), reply.quoted());
            throw dialect.isRefused(reply)
                    ? EngineException.invalidAdapter(why)
                    : new EngineException(EngineException.Cause.FAILED, why);
        }
        return logProbabilities(reply.text());
    }

    /** One for each prompt, in the order of the prompts. */
    private static List<Double> logProbabilities(String json) throws IOException {
        @Nullable Double[] values = new @Nullable Double[PROMPTS];
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
                if (number.isNumber() && index >= 0 && index < PROMPTS) {
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
