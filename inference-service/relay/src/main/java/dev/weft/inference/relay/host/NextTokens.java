package dev.weft.inference.relay.host;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A server's answer about the next token after some prompts: the log-probabilities of the likeliest
 * ones.
 *
 * @param behind one for each prompt, in the order of the prompts
 */
record NextTokens(List<Likeliest> behind) {
    /** The character in a token whose bytes are not UTF-8; several such tokens may look alike. */
    private static final String NO_TEXT = "\uFFFD";

    NextTokens {
        behind = List.copyOf(behind);
    }

    /**
     * The likeliest tokens behind a prompt.
     *
     * @param first log-probability of the token that the server chose, whichever it is
     * @param named log-probabilities of those that can be told apart by their text, by text
     */
    record Likeliest(double first, Map<String, Double> named) {
        Likeliest {
            named = Map.copyOf(named);
        }

        /** The mean difference of a log-probability, over the tokens that one of the two names. */
        double distance(Likeliest other) {
            double sum = Math.abs(first - other.first) + beyond(other) + other.beyond(this);
            for (Map.Entry<String, Double> token : named.entrySet()) {
                Double its = other.named.get(token.getKey());
                sum += its == null ? 0 : Math.abs(token.getValue() - its);
            }
            return sum / (1 + Math.max(named.size(), other.named.size()));
        }

        /**
         * The least difference of the tokens that the other does not name: there they are no
         * likelier than any that it names.
         */
        private double beyond(Likeliest other) {
            double most = other.least();
            return named.entrySet().stream()
                    .filter(token -> !other.named.containsKey(token.getKey()))
                    .mapToDouble(token -> Math.max(0, token.getValue() - most))
                    .sum();
        }

        private double least() {
            return named.values().stream()
                    .mapToDouble(Double::doubleValue)
                    .reduce(first, Math::min);
        }
    }

    /**
     * Reads an answer of {@code /v1/completions}.
     *
     * @throws IOException if it does not tell a token for each prompt
     */
    static NextTokens read(String json, int prompts) throws IOException {
        @Nullable Likeliest[] behind = new @Nullable Likeliest[prompts];
        try {
            for (JsonNode choice : JsonMapper.shared().readTree(json).path("choices")) {
                int index = choice.path("index").asInt(-1);
                if (index >= 0 && index < prompts) {
                    behind[index] = likeliest(choice.path("logprobs"));
                }
            }
        } catch (JacksonException e) {
            throw new IOException("/v1/completions did not answer with JSON", e);
        }
        List<Likeliest> all = new ArrayList<>();
        for (Likeliest one : behind) {
            if (one == null) {
                throw new IOException(
                        "/v1/completions did not answer each prompt with a log-probability");
            }
            all.add(one);
        }
        return new NextTokens(all);
    }

    /**
     * Reads log-probabilities in the form of completions, or in that of chats, which some servers
     * use here, too.
     */
    private static @Nullable Likeliest likeliest(JsonNode logprobs) {
        Map<String, Double> named = new HashMap<>();
        JsonNode first;
        if (logprobs.path("token_logprobs").isArray()) {
            first = logprobs.path("token_logprobs").path(0);
            logprobs.path("top_logprobs")
                    .path(0)
                    .properties()
                    .forEach(token -> name(named, token.getKey(), token.getValue()));
        } else {
            JsonNode token = logprobs.path("content").path(0);
            first = token.isObject() ? token.path("logprob") : token;
            for (JsonNode top : token.path("top_logprobs")) {
                name(named, top.path("token").asString(""), top.path("logprob"));
            }
        }
        return first.isNumber() ? new Likeliest(first.asDouble(), named) : null;
    }

    private static void name(Map<String, Double> named, String token, JsonNode value) {
        if (value.isNumber() && !token.contains(NO_TEXT)) {
            named.put(token, value.asDouble());
        }
    }

    /** The mean difference of a log-probability, over all prompts. */
    double distance(NextTokens other) {
        return IntStream.range(0, behind.size())
                .mapToDouble(i -> behind.get(i).distance(other.behind.get(i)))
                .average()
                .orElse(0);
    }
}
