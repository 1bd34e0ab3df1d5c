package dev.weft.standalone.bench;

import dev.weft.standalone.bench.load.Api;
import dev.weft.standalone.bench.load.BodyFields;
import dev.weft.standalone.bench.load.ModelSelection;
import dev.weft.standalone.bench.load.Popularity;
import dev.weft.standalone.bench.load.Span;
import dev.weft.standalone.bench.run.PromptForm;
import dev.weft.standalone.failure.WrongOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** The options for the requests to send. */
final class LoadOptions {
    /** Lower ids are special tokens and single bytes in the vocabularies we saw. */
    private static final int LOWEST_ID = 259;

    /** The ways to keep an answer from ending before its length. */
    enum Hold {
        IGNORE_EOS,
        MIN_TOKENS,
        BOTH,
        NONE;

        List<String> fields() {
            return switch (this) {
                case IGNORE_EOS -> List.of("ignore_eos");
                case MIN_TOKENS -> List.of("min_tokens");
                case BOTH -> List.of("ignore_eos", "min_tokens");
                case NONE -> List.of();
            };
        }
    }

    @Option(
            names = "--api",
            defaultValue = "completions",
            paramLabel = "completions|chat",
            description = "Endpoint that is asked (default: ${DEFAULT-VALUE}).")
    private Api api = Api.COMPLETIONS;

    @Option(
            names = "--models",
            paramLabel = "LIST",
            defaultValue = "all",
            converter = OptionTypes.OfModels.class,
            description =
                    "Models that are asked: names with commas between; all of /v1/models; * stands"
                            + " for any text; -NAME leaves one out (default: ${DEFAULT-VALUE}).")
    private ModelSelection models = new ModelSelection(List.of("all"));

    @Option(
            names = "--popularity",
            paramLabel = "RULE",
            defaultValue = "distinct",
            converter = OptionTypes.OfPopularity.class,
            description =
                    "How requests are spread over the models: uniform, zipf, zipf:S, distinct"
                            + " (each stream its own), identical (all the first) or rotate (one"
                            + " after the other; default: ${DEFAULT-VALUE}).")
    private Popularity popularity = new Popularity.Distinct();

    @Option(
            names = "--prompt-tokens",
            paramLabel = "N|MIN..MAX",
            defaultValue = "45",
            converter = OptionTypes.OfSpan.class,
            description = "Length of prompts (default: ${DEFAULT-VALUE}).")
    private Span promptTokens = new Span(45, 45);

    @Option(
            names = "--output-tokens",
            paramLabel = "N|MIN..MAX",
            defaultValue = "64",
            converter = OptionTypes.OfSpan.class,
            description = "Length of answers (default: ${DEFAULT-VALUE}).")
    private Span outputTokens = new Span(64, 64);

    @Option(
            names = "--shared-prefix",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "Number of tokens that all prompts begin with; with 0 they differ from the"
                            + " first token on (default: ${DEFAULT-VALUE}).")
    private int sharedPrefix;

    @Option(
            names = "--prompts",
            defaultValue = "auto",
            paramLabel = "auto|tokens|text",
            description =
                    "Prompts as lists of token ids, which are exactly as long as they should be,"
                            + " or as words. auto: ids if the server takes them (default:"
                            + " ${DEFAULT-VALUE}).")
    private PromptForm.Kind prompts = PromptForm.Kind.AUTO;

    @Option(
            names = "--token-ids",
            paramLabel = "LOW..HIGH",
            converter = OptionTypes.OfIds.class,
            description =
                    "Ids that prompts are drawn from (default: 259 to the largest that a few"
                            + " questions find).")
    private OptionTypes.@Nullable Ids tokenIds;

    @Option(
            names = "--hold",
            defaultValue = "ignore_eos",
            paramLabel = "FIELD",
            description =
                    "Field that keeps answers at their length: ignore_eos, min_tokens, both or"
                            + " none; left out if the server refuses it (default:"
                            + " ${DEFAULT-VALUE}).")
    private Hold hold = Hold.IGNORE_EOS;

    @Option(
            names = "--temperature",
            paramLabel = "T",
            defaultValue = "0",
            description = "Temperature of the sampling (default: ${DEFAULT-VALUE}).")
    private double temperature;

    @Option(
            names = "--field",
            paramLabel = "NAME=JSON",
            description = "One more field of every request, e.g. top_k=20; repeatable.")
    private Map<String, String> fields = new LinkedHashMap<>();

    @Option(
            names = "--seed",
            paramLabel = "N",
            description =
                    "Seed of all that is drawn. The same seed sends the same requests, which a"
                            + " server's prefix cache may know (default: another seed each time).")
    private @Nullable Long seed;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    /** Throws for the first option that is wrong. */
    void check() {
        if (!(temperature >= 0 && temperature <= 2)) {
            throw wrong("--temperature", String.valueOf(temperature), "0 to 2");
        }
        if (sharedPrefix < 0) {
            throw wrong("--shared-prefix", String.valueOf(sharedPrefix), "0 or more");
        }
        fields.forEach((name, json) -> {
            try {
                JsonMapper.shared().readTree(json);
            } catch (JacksonException _) {
                throw wrong("--field", name + "=" + json, "NAME=JSON");
            }
        });
    }

    private ParameterException wrong(String option, String value, String allowed) {
        return WrongOption.of(spec, option, value, allowed);
    }

    ModelSelection models() {
        return models;
    }

    Popularity popularity() {
        return popularity;
    }

    Span promptTokens() {
        return promptTokens;
    }

    Span outputTokens() {
        return outputTokens;
    }

    /** The seed; if none was given, the first call draws one, and later calls return the same. */
    long seed() {
        if (seed == null) {
            seed = System.nanoTime() & 0xFFFFFFFFL;
        }
        return seed;
    }

    BodyFields fields() {
        return new BodyFields(api, temperature, hold.fields(), true, fields);
    }

    PromptForm form() {
        return new PromptForm(
                prompts,
                tokenIds == null ? LOWEST_ID : tokenIds.low(),
                tokenIds == null ? null : tokenIds.high(),
                sharedPrefix,
                seed());
    }

    /** All options by their names in the JSON. */
    Map<String, @Nullable Object> named(BodyFields sent) {
        var named = new LinkedHashMap<String, @Nullable Object>();
        named.put("models", models.toString());
        named.put("popularity", popularity.text());
        named.put("prompt_tokens", promptTokens.toString());
        named.put("output_tokens", outputTokens.toString());
        named.put("shared_prefix", sharedPrefix);
        named.put("hold", sent.holds());
        named.put("temperature", temperature);
        named.put("fields", sent.extra());
        named.put("seed", seed());
        return named;
    }
}
