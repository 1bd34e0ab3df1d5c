package dev.weft.standalone.bench.load;

import java.util.List;
import java.util.SplittableRandom;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes requests by their number.
 *
 * @param models names of the models; a popularity counts them in this order
 */
public record Load(
        List<String> models,
        Popularity popularity,
        ModelChoice choice,
        Prompts prompts,
        Span promptTokens,
        Span outputTokens,
        BodyFields fields,
        long seed) {
    /** Spreads the numbers of requests over the 64 bits of a seed. */
    private static final long STRIDE = 0xD1B54A32D192ED03L;

    public Load {
        models = List.copyOf(models);
    }

    /**
     * One request.
     *
     * @param model index into {@link #models}
     * @param outputTokens the most tokens that it asks for
     */
    public record Request(long number, int stream, int model, int outputTokens, String body) {}

    public Load(
            List<String> models,
            Popularity popularity,
            Prompts prompts,
            Span promptTokens,
            Span outputTokens,
            BodyFields fields,
            long seed) {
        this(
                models,
                popularity,
                popularity.among(models.size()),
                prompts,
                promptTokens,
                outputTokens,
                fields,
                seed);
    }

    /**
     * The request of a number. It doesn't depend on its sender or time; only its model may depend
     * on the stream.
     */
    public Request request(long number, int stream) {
        var random = new SplittableRandom(seed ^ (number + 1) * STRIDE);
        int model = choice.choose(number, stream, random);
        int promptLength = promptTokens.draw(random);
        int most = outputTokens.draw(random);
        int samplingSeed = random.nextInt() & Integer.MAX_VALUE;
        String body =
                fields.json(
                        JsonMapper.shared().writeValueAsString(models.get(model)),
                        prompts.json(promptLength, random),
                        most,
                        samplingSeed);
        return new Request(number, stream, model, most, body);
    }
}
