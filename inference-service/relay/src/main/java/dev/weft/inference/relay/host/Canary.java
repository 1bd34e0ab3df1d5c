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
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Proves that a server applies an adapter: the log-probabilities of a short answer must differ from
 * the base's by more than the base's differ from themselves. Servers accept adapters that they then
 * don't apply, for layers that the model lacks or modules that they pass over.
 */
final class Canary {
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final int ROUNDS = 3;

    /** Ids that every vocabulary has. */
    private static final List<Integer> PROMPT =
            IntStream.range(0, 32).map(i -> 3 + 7 * i).boxed().toList();

    /** Of answers alone: vLLM's engine has ended by those of prompts. */
    private static final Map<String, Object> ASKED =
            Map.of("logprobs", 1, "max_tokens", 4, "temperature", 0, "ignore_eos", true);

    private final ServerCalls calls;
    private final Dialect dialect;
    private final String base;

    Canary(ServerCalls calls, Dialect dialect, String base) {
        this.calls = calls;
        this.dialect = dialect;
        this.base = base;
    }

    /**
     * Returns if the adapter is applied.
     *
     * @throws EngineException {@code INVALID_ADAPTER} if it isn't, or the server refuses it; {@code
     *     FAILED} if the server fails
     */
    void prove(RelayTarget adapter) throws IOException, InterruptedException {
        RelayTarget ofBase = new RelayTarget(base, Map.of());
        List<Double> before = ask(ofBase);
        for (int round = 0; round < ROUNDS; round++) {
            List<Double> changed = ask(adapter);
            List<Double> after = ask(ofBase);
            double noise = distance(before, after);
            double effect = Math.min(distance(before, changed), distance(after, changed));
            if (effect > 2 * noise) {
                return;
            }
            before = after;
        }
        throw EngineException.invalidAdapter(
                "the server accepts the adapter and does not apply it: the log-probabilities of a"
                        + " short answer are the base's");
    }

    private List<Double> ask(RelayTarget target) throws IOException, InterruptedException {
        Map<String, Object> body = new HashMap<>(ASKED);
        body.putAll(target.fields());
        body.put("model", target.model());
        body.put("prompt", PROMPT);
        ServerReply reply = calls.post(new AdapterCall("/v1/completions", body), DEADLINE);
        if (!reply.ok()) {
            String why = "a request of 32 tokens to " + target.model() + ": " + reply.quoted();
            throw dialect.isRefused(reply)
                    ? EngineException.invalidAdapter(why)
                    : new EngineException(EngineException.Cause.FAILED, why);
        }
        return logProbabilities(reply.text());
    }

    private static List<Double> logProbabilities(String json) throws IOException {
        List<Double> values = new ArrayList<>();
        try {
            JsonNode logprobs =
                    JsonMapper.shared().readTree(json).path("choices").path(0).path("logprobs");
            JsonNode list =
                    logprobs.path("token_logprobs").isArray()
                            ? logprobs.path("token_logprobs")
                            : logprobs.path("content");
            for (JsonNode value : list) {
                JsonNode number = value.isObject() ? value.path("logprob") : value;
                if (number.isNumber()) {
                    values.add(number.asDouble());
                }
            }
        } catch (JacksonException e) {
            throw new IOException("/v1/completions did not answer with JSON", e);
        }
        if (values.isEmpty()) {
            throw new IOException("/v1/completions answered without log-probabilities");
        }
        return values;
    }

    /** The largest difference; infinite if the answers have other lengths. */
    private static double distance(List<Double> one, List<Double> other) {
        if (one.size() != other.size()) {
            return Double.POSITIVE_INFINITY;
        }
        return IntStream.range(0, one.size())
                .mapToDouble(i -> Math.abs(one.get(i) - other.get(i)))
                .max()
                .orElse(0);
    }
}
