package dev.weft.inference.server.http.request;

import dev.weft.inference.engine.Sampling;
import dev.weft.inference.server.completion.GenerationDefaults;
import dev.weft.inference.server.completion.GenerationSettings;
import dev.weft.inference.server.completion.ReplyReading;
import dev.weft.inference.server.completion.Stops;
import dev.weft.inference.server.http.json.JsonFields;
import dev.weft.inference.server.http.json.NumberRange;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import tools.jackson.databind.JsonNode;

/**
 * Reads how to generate from a request's fields.
 *
 * @param vocabulary token ids are below this
 * @param badWords turns words into tokens
 * @param seeds for requests that bring none
 */
public record SettingsReader(
        GenerationDefaults defaults, int vocabulary, BadWords badWords, LongSupplier seeds) {
    private static final int MOST_STOPS = 16;

    /** Characters of a stop string; each choice holds some bytes for each character. */
    private static final int LONGEST_STOP = 1_000;

    /**
     * Token ids of a field. Each token of each choice is compared with all of them, while others
     * wait for their tokens.
     */
    private static final int MOST_IDS = 1_024;

    private static final NumberRange TEMPERATURE = NumberRange.of(0, 2);
    private static final NumberRange TOP_P = NumberRange.over(0, 1);
    private static final NumberRange SHARE = NumberRange.of(0, 1);
    private static final NumberRange PENALTY =
            NumberRange.of(-Sampling.MOST_PENALTY, Sampling.MOST_PENALTY);
    private static final NumberRange REPETITION =
            NumberRange.of(Sampling.LEAST_REPETITION, Sampling.MOST_REPETITION);
    private static final NumberRange BIAS = NumberRange.of(-Sampling.MOST_BIAS, Sampling.MOST_BIAS);

    /**
     * @param endTokens that the model ends its answers with
     * @param topLogProbabilities as in {@link GenerationSettings}
     */
    GenerationSettings read(
            JsonFields fields, Collection<Integer> endTokens, int topLogProbabilities) {
        Stops stops =
                new Stops(
                        stopTokens(fields),
                        Set.copyOf(endTokens),
                        fields.flag("ignore_eos", false),
                        stops(fields));
        Integer minTokens = fields.integer("min_tokens", 0, Integer.MAX_VALUE);
        Sampling sampling = sampling(fields);
        boolean heldBack = minTokens != null && minTokens > 0;
        refuseNothingLeft(fields, heldBack ? stops.heldBack() : List.of(), sampling.badWords());
        return new GenerationSettings(
                sampling,
                fields.wide("seed") != null,
                minTokens == null ? 0 : minTokens,
                stops,
                ReplyReading.text(fields.flag("skip_special_tokens", true)),
                topLogProbabilities);
    }

    private Sampling sampling(JsonFields fields) {
        Integer topK = fields.integer("top_k", -1, Integer.MAX_VALUE);
        Long seed = fields.wide("seed");
        return new Sampling(
                fields.number("temperature", TEMPERATURE, defaults.temperature()),
                new Sampling.Cut(
                        fields.number("top_p", TOP_P, defaults.topP()),
                        topK == null ? defaults.topK() : Math.max(topK, 0),
                        fields.number("min_p", SHARE, defaults.minP())),
                new Sampling.Penalties(
                        fields.number("presence_penalty", PENALTY, 0),
                        fields.number("frequency_penalty", PENALTY, 0),
                        fields.number(
                                "repetition_penalty", REPETITION, defaults.repetitionPenalty())),
                seed == null ? seeds.getAsLong() : seed,
                bias(fields),
                badWords.read(fields));
    }

    /**
     * Refuses settings that forbid every first token; other ways to forbid all tokens show only
     * while generating.
     */
    private void refuseNothingLeft(
            JsonFields fields, List<Integer> heldBack, List<List<Integer>> words) {
        Set<Integer> forbidden = new HashSet<>(heldBack);
        words.stream().filter(word -> word.size() == 1).forEach(forbidden::addAll);
        forbidden.removeIf(token -> token >= vocabulary);
        if (forbidden.size() == vocabulary) {
            String field = heldBack.isEmpty() ? "bad_words" : "stop_token_ids";
            throw fields.invalid(
                    field,
                    fields.object().path(field),
                    (heldBack.isEmpty() ? "words" : "with min_tokens, ids")
                            + " that leave one of the "
                            + vocabulary
                            + " tokens to begin with");
        }
    }

    private Set<Integer> stopTokens(JsonFields fields) {
        Set<Integer> tokens = Set.copyOf(fields.tokens("stop_token_ids", vocabulary));
        refuseOver(tokens.size(), "stop_token_ids", fields);
        return tokens;
    }

    private static void refuseOver(int size, String name, JsonFields fields) {
        if (size > MOST_IDS) {
            throw fields.invalid(
                    name, fields.object().path(name), "at most " + MOST_IDS + " token ids");
        }
    }

    private Map<Integer, Double> bias(JsonFields fields) {
        Map<Integer, Double> bias = new HashMap<>();
        fields.object("logit_bias")
                .ifPresent(entries -> {
                    refuseOver(entries.object().size(), "logit_bias", fields);
                    for (String key : entries.object().propertyNames()) {
                        bias.put(token(entries, key), entries.number(key, BIAS, 0));
                    }
                });
        return bias;
    }

    private int token(JsonFields entries, String key) {
        try {
            int token = Integer.parseInt(key);
            if (token >= 0 && token < vocabulary) {
                return token;
            }
        } catch (NumberFormatException e) {
            // reported below, as one that is out of range
        }
        throw entries.invalid(
                key,
                entries.object().path(key),
                "keys that are token ids from 0 to " + (vocabulary - 1));
    }

    private static List<String> stops(JsonFields fields) {
        JsonNode stop = fields.node("stop");
        if (stop == null) {
            return List.of();
        }
        String allowed =
                "a string or a list of up to "
                        + MOST_STOPS
                        + " strings, none of them empty or over "
                        + LONGEST_STOP
                        + " characters, or with half a surrogate pair";
        List<String> stops = new ArrayList<>();
        for (JsonNode one : stop.isArray() ? stop : List.of(stop)) {
            String text = one.isString() ? one.stringValue() : "";
            boolean right = !text.isEmpty() && text.length() <= LONGEST_STOP && isWhole(text);
            if (!right || stops.size() == MOST_STOPS) {
                throw fields.invalid("stop", stop, allowed);
            }
            stops.add(text);
        }
        return stops;
    }

    /**
     * Whether a text has only whole characters: an answer that was cut within one would be no text.
     */
    private static boolean isWhole(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }
}
