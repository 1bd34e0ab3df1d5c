package dev.weft.standalone.bench.load;

import java.util.List;
import java.util.SplittableRandom;
import tools.jackson.databind.json.JsonMapper;

/** Makes requests by their number. */
public record Load(Models models, Prompts prompts, Lengths lengths, BodyFields fields, long seed) {
    /** Spreads the numbers of requests over the 64 bits of a seed. */
    private static final long STRIDE = 0xD1B54A32D192ED03L;

    /**
     * The models that are asked.
     *
     * @param names a popularity counts them in this order
     */
    public record Models(List<String> names, Popularity popularity, ModelChoice choice) {
        public Models {
            names = List.copyOf(names);
        }

        public Models(List<String> names, Popularity popularity) {
            this(names, popularity, popularity.among(names.size()));
        }
    }

    /** The tokens of prompts, and those that are asked for. */
    public record Lengths(Span prompt, Span output) {}

    /**
     * One request.
     *
     * @param model index into the models' names
     * @param outputTokens the most tokens that it asks for
     */
    public record Request(long number, int stream, int model, int outputTokens, String body) {}

    /**
     * The request of a number. It doesn't depend on its sender or time; only its model may depend
     * on the stream.
     */
    public Request request(long number, int stream) {
        var random = new SplittableRandom(seed ^ (number + 1) * STRIDE);
        int model = models.choice.choose(number, stream, random);
        int promptLength = lengths.prompt.draw(random);
        int most = lengths.output.draw(random);
        int samplingSeed = random.nextInt() & Integer.MAX_VALUE;
        String body =
                fields.json(
                        JsonMapper.shared().writeValueAsString(models.names.get(model)),
                        prompts.json(promptLength, random),
                        most,
                        samplingSeed);
        return new Request(number, stream, model, most, body);
    }
}
