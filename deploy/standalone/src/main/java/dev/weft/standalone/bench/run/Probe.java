package dev.weft.standalone.bench.run;

import dev.weft.standalone.bench.load.Api;
import dev.weft.standalone.bench.load.BodyFields;
import dev.weft.standalone.bench.load.Load;
import dev.weft.standalone.bench.load.Prompts;
import dev.weft.standalone.bench.stream.Endpoint;
import dev.weft.standalone.bench.stream.Failure;
import dev.weft.standalone.bench.stream.Outcome;
import dev.weft.standalone.failure.CommandException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks a server for one token a few times, to find out which fields and which form of prompts it
 * accepts, and how many token ids it has. For one thread.
 */
public final class Probe {
    /**
     * The bounds to try for ids, largest first. They are below the special tokens at the end of the
     * vocabularies of Llama 3, Qwen, SmolLM2, Llama 2 and small test models.
     */
    private static final int[] BOUNDS = {
        128_000, 100_000, 49_000, 31_000, 16_000, 8_000, 4_000, 2_000, 1_200, 600
    };

    private static final int FEW = 16;
    private static final int MANY = 80;

    private final Endpoint endpoint;
    private final String model;
    private final List<String> notes = new ArrayList<>();

    /**
     * Creates a probe.
     *
     * @param model the model to ask
     */
    public Probe(Endpoint endpoint, String model) {
        this.endpoint = endpoint;
        this.model = JsonMapper.shared().writeValueAsString(model);
    }

    /** Finds the fields and the prompts that this server accepts. */
    public Understood ask(BodyFields wanted, PromptForm form)
            throws CommandException, InterruptedException {
        BodyFields fields = fields(wanted);
        Optional<Prompts> ids =
                fields.api() == Api.CHAT || form.kind() == PromptForm.Kind.TEXT
                        ? Optional.empty()
                        : tokenIds(fields, form);
        if (ids.isEmpty() && form.kind() == PromptForm.Kind.TOKENS) {
            throw new CommandException(
                    "--prompts tokens: "
                            + (fields.api() == Api.CHAT
                                    ? "chats have no token ids"
                                    : endpoint.address() + " takes no list of token ids"));
        }
        Prompts prompts = ids.isPresent() ? ids.get() : words(fields, form);
        return new Understood(fields, prompts, notes);
    }

    /** The wanted fields without those that make the server refuse a request. */
    private BodyFields fields(BodyFields wanted) throws CommandException, InterruptedException {
        Failure first = null;
        for (int refused = 0; refused < 4; refused++) {
            boolean noHolds = (refused & 1) != 0;
            boolean noUsage = (refused & 2) != 0;
            BodyFields fields = wanted.without(noHolds, noUsage);
            Outcome outcome = send(fields, "\"time\"");
            if (outcome instanceof Outcome.Failed(Failure failure)) {
                first = first == null ? failure : first;
                if (!refusal(failure)) {
                    break;
                }
                continue;
            }
            if (noHolds) {
                notes.add(
                        "the server refuses %s: answers may end early"
                                .formatted(String.join(" and ", wanted.holds())));
            }
            if (noUsage) {
                notes.add("the server refuses stream_options: tokens are counted by events");
            }
            return fields;
        }
        throw new CommandException(
                "%s does not answer a first request for %s (%s): %s"
                        .formatted(
                                endpoint.address() + wanted.api().path(),
                                model,
                                first == null ? "" : first.kind(),
                                first == null ? "" : first.message()));
    }

    private static boolean refusal(Failure failure) {
        return failure.kind().equals("http-400") || failure.kind().equals("http-422");
    }

    private Optional<Prompts> tokenIds(BodyFields fields, PromptForm form)
            throws InterruptedException {
        int[] bounds = form.high() == null ? BOUNDS : new int[] {form.high()};
        for (int high : bounds) {
            if (high > form.low()
                    && send(fields, "[" + form.low() + "," + (high - 1) + "]")
                            instanceof Outcome.Answered) {
                return Optional.of(
                        new Prompts.TokenIds(form.low(), high, form.shared(), form.seed()));
            }
        }
        return Optional.empty();
    }

    /** Fits the tokens of words to the server's counts for a short and a longer prompt. */
    private Prompts words(BodyFields fields, PromptForm form) throws InterruptedException {
        int few = count(fields, FEW, form);
        int many = count(fields, MANY, form);
        if (few < 1 || many <= few) {
            notes.add("the server does not count prompt tokens: a word is taken for a token");
            return new Prompts.Words(0, 1, form.shared(), form.seed());
        }
        double perWord = (double) (many - few) / (MANY - FEW);
        return new Prompts.Words(few - perWord * FEW, perWord, form.shared(), form.seed());
    }

    private int count(BodyFields fields, int words, PromptForm form) throws InterruptedException {
        var asWords = new Prompts.Words(0, 1, 0, 0);
        String prompt = asWords.json(words, new SplittableRandom(form.seed() + words));
        return send(fields, prompt) instanceof Outcome.Answered answer ? answer.promptTokens() : -1;
    }

    private Outcome send(BodyFields fields, String prompt) throws InterruptedException {
        String body = fields.json(model, prompt, 1, 1);
        return endpoint.send(fields.api(), new Load.Request(-1, 0, 0, 1, body));
    }
}
