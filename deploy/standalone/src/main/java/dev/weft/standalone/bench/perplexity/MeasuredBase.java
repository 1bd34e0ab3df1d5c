package dev.weft.standalone.bench.perplexity;

import dev.weft.deployment.Deployment;
import dev.weft.format.checkpoint.CheckpointException;
import dev.weft.inference.server.measure.BasePerplexity;
import dev.weft.inference.server.measure.PerplexityMeasure;
import dev.weft.inference.server.measure.rounded.RoundedForm;
import dev.weft.source.SourceConfiguration;
import dev.weft.source.fetch.SourceException;
import dev.weft.standalone.failure.CommandException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/**
 * The results of a measurement.
 *
 * @param checkpoint the checkpoint in words
 * @param window tokens of the longest piece of the text
 */
record MeasuredBase(
        String checkpoint, Values perplexity, KernelNames kernels, long tokens, int window) {
    /**
     * The perplexity in each precision.
     *
     * @param ratio int8 over bf16
     * @param int8Cache in bf16 with the KV cache in int8
     * @param cacheRatio {@code int8Cache} over bf16
     * @param dequantised with 4-bit weights dequantised to floats; empty if no weights have 4 bits
     * @param dequantisedRatio bf16 over {@code dequantised}
     */
    record Values(
            double bf16,
            double int8,
            double ratio,
            double int8Cache,
            double cacheRatio,
            OptionalDouble dequantised,
            OptionalDouble dequantisedRatio) {}

    /**
     * The kernels that computed in each precision, e.g. {@code onednn bf16, instruction set
     * avx512-bf16}.
     */
    record KernelNames(String bf16, String int8) {}

    /** The 4-bit type of a copy that is measured instead of a base. */
    enum Rounding {
        GPTQ(RoundedForm.GPTQ),
        AWQ(RoundedForm.AWQ),
        PACKED(RoundedForm.PACKED);

        private final RoundedForm form;

        Rounding(RoundedForm form) {
            this.form = form;
        }

        /** The word that the command line has for it. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Measures the base of a deployment.
     *
     * @param data the launcher's folder for state, as {@code serve} uses it
     * @param rounded 4-bit type of a copy that is measured in its place; empty for the base itself
     */
    static MeasuredBase of(
            Deployment deployment,
            Path data,
            Optional<Rounding> rounded,
            String text,
            Consumer<String> progress)
            throws CommandException {
        String checkpoint =
                deployment.base().checkpoint()
                        + rounded.map(form -> ", its linear layers rounded to 4 bits, " + form)
                                .orElse("");
        try {
            BasePerplexity measured =
                    new PerplexityMeasure(text, progress)
                            .of(
                                    deployment.base().checkpoint(),
                                    SourceConfiguration.of(
                                            deployment.settings(), deployment.repositories()),
                                    data.resolve("worker"),
                                    Clock.systemUTC(),
                                    rounded.map(form -> form.form));
            return of(checkpoint, measured);
        } catch (SourceException
                | CheckpointException
                | IOException
                | IllegalArgumentException
                | IllegalStateException e) {
            throw new CommandException(
                    "the perplexity of " + checkpoint + " can't be measured: " + e.getMessage(), e);
        }
    }

    private static MeasuredBase of(String checkpoint, BasePerplexity measured) {
        return new MeasuredBase(
                checkpoint,
                new Values(
                        measured.bf16(),
                        measured.int8(),
                        measured.ratio(),
                        measured.int8Cache(),
                        measured.cacheRatio(),
                        measured.dequantised(),
                        measured.dequantisedRatio()),
                new KernelNames(measured.kernels().bf16(), measured.kernels().int8()),
                measured.tokens(),
                measured.window());
    }
}
