package dev.weft.inference.server.measure;

import dev.weft.format.checkpoint.CheckpointException;
import dev.weft.format.checkpoint.ModelConfig;
import dev.weft.format.quantised.Quantisation;
import dev.weft.inference.cpu.Perplexity;
import dev.weft.inference.cpu.kernel.attention.KvPrecision;
import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.server.checkpoint.CheckpointFetch;
import dev.weft.inference.server.measure.rounded.RoundedBase;
import dev.weft.inference.server.measure.rounded.RoundedForm;
import dev.weft.inference.server.text.Tokenizer;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.source.Repositories;
import dev.weft.source.SourceOptions;
import dev.weft.source.fetch.SourceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/**
 * Measures a base model's perplexity in both precisions and with a KV cache in int8. If its weights
 * are in 4 bits, it also measures them dequantised to floats. One measurement comes after the
 * other, so that only one copy of the weights is in memory. One thread calls it; the engine's own
 * threads end with the call.
 */
public final class PerplexityMeasure {
    /** Reports of progress, about as many as a person reads while waiting. */
    private static final int REPORTS = 4;

    private final String text;
    private final Consumer<String> progress;

    /**
     * Measures on a text.
     *
     * @param progress told in words what it is doing
     */
    public PerplexityMeasure(String text, Consumer<String> progress) {
        this.text = text;
        this.progress = progress;
    }

    /**
     * Fetches the checkpoint as a worker does, and measures it.
     *
     * @param sources how the checkpoint is reached
     * @param data the worker's folder; files that it downloaded are not fetched again
     * @param clock for the expiry of the source's access tokens
     * @param rounded the 4-bit type of the copy that is measured in its place; empty for the
     *     checkpoint itself
     * @throws SourceException if the checkpoint can't be had; says why
     * @throws CheckpointException if the checkpoint is not one that is served
     * @throws IOException if a file is missing or can't be read
     * @throws IllegalArgumentException if the text has less than two tokens
     */
    public BasePerplexity of(
            RepositoryRef checkpoint,
            SourceOptions sources,
            Path data,
            Clock clock,
            Optional<RoundedForm> rounded)
            throws SourceException, IOException {
        Repositories repositories = new Repositories(sources, clock);
        Path folder = new CheckpointFetch(repositories, data).fetch(checkpoint, progress);
        if (rounded.isEmpty()) {
            return of(folder);
        }
        progress.accept("rounding its linear layers to 4 bits");
        try (RoundedBase copy =
                RoundedBase.write(folder, rounded.get(), Files.createDirectories(data))) {
            return of(copy.folder());
        }
    }

    /** Measures a checkpoint that is here. */
    public BasePerplexity of(Path checkpoint) throws IOException {
        Path json = checkpoint.resolve("config.json");
        if (!Files.isRegularFile(json)) {
            throw new IOException("config.json is missing in " + checkpoint);
        }
        ModelConfig config = ModelConfig.read(json);
        TextWindows windows;
        try (Tokenizer tokenizer = Tokenizer.open(checkpoint)) {
            windows = TextWindows.of(tokenizer, text, config.contextLength());
        }
        check(windows, config.vocabulary().size());
        Measured bf16 = perplexity(checkpoint, Kind.BF16, windows);
        Measured int8 = perplexity(checkpoint, Kind.INT8, windows);
        Measured int8Cache = perplexity(checkpoint, Kind.INT8_CACHE, windows);
        OptionalDouble dequantised =
                config.quantisation() instanceof Quantisation.Grouped
                        ? OptionalDouble.of(perplexity(checkpoint, Kind.DEQUANTISED, windows).value)
                        : OptionalDouble.empty();
        return new BasePerplexity(
                bf16.value,
                int8.value,
                int8Cache.value,
                dequantised,
                new BasePerplexity.KernelNames(bf16.kernels, int8.kernels),
                windows.predicted(),
                windows.longest());
    }

    private static void check(TextWindows windows, int vocabulary) throws IOException {
        for (List<Integer> window : windows.windows()) {
            for (int token : window) {
                if (token >= vocabulary) {
                    throw new IOException(
                            "tokenizer.json makes token %d, but config.json's vocab_size is %d"
                                    .formatted(token, vocabulary));
                }
            }
        }
    }

    /** The measurements, in the order of time. */
    private enum Kind {
        BF16("bf16", Precision.BF16, KvPrecision.INT16, false),
        INT8("int8", Precision.INT8, KvPrecision.INT16, false),
        INT8_CACHE("bf16 with the KV cache in int8", Precision.BF16, KvPrecision.INT8, false),
        DEQUANTISED("bf16 with its 4 bits dequantised", Precision.BF16, KvPrecision.INT16, true);

        private final String words;
        private final Precision precision;
        private final KvPrecision kvPrecision;
        private final boolean dequantised;

        Kind(String words, Precision precision, KvPrecision kvPrecision, boolean dequantised) {
            this.words = words;
            this.precision = precision;
            this.kvPrecision = kvPrecision;
            this.dequantised = dequantised;
        }

        Perplexity.Numbers numbers() {
            return new Perplexity.Numbers(precision, kvPrecision, dequantised);
        }
    }

    private record Measured(double value, String kernels) {}

    private Measured perplexity(Path checkpoint, Kind kind, TextWindows windows)
            throws IOException {
        String name = kind.words;
        progress.accept("loading the base in " + name);
        int pieces = windows.windows().size();
        int reported = 0;
        try (Perplexity perplexity =
                Perplexity.open(checkpoint, kind.numbers(), windows.longest())) {
            for (int done = 0; done < pieces; ) {
                perplexity.add(windows.windows().get(done++));
                int part = done * REPORTS / pieces;
                if (part > reported) {
                    reported = part;
                    progress.accept(
                            "%s: %d of %d tokens predicted"
                                    .formatted(name, perplexity.tokens(), windows.predicted()));
                }
            }
            return new Measured(perplexity.value(), perplexity.kernels());
        }
    }
}
