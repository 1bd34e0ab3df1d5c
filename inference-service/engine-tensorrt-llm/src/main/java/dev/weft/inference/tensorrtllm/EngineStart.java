package dev.weft.inference.tensorrtllm;

import dev.weft.format.checkpoint.ModelConfig;
import dev.weft.format.trtllm.ConvertibleBase;
import dev.weft.inference.tensorrtllm.text.TextCodec;
import dev.weft.inference.tensorrtllm.text.TextContract;
import dev.weft.inference.tensorrtllm.text.TextModel;
import dev.weft.inference.tensorrtllm.tokens.TokenContract;
import dev.weft.inference.tensorrtllm.triton.TritonException;
import dev.weft.inference.tensorrtllm.triton.TritonOptions;
import dev.weft.inference.tensorrtllm.triton.TritonServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says whether an engine can run on this machine, and starts it. */
public final class EngineStart {
    private static final Logger LOG = LoggerFactory.getLogger(EngineStart.class);

    /** The time that a stop may take; it ends as soon as nothing is left. */
    private static final Duration EXIT_TIMEOUT = StopDeadline.Rules.OF_WORKERS.time();

    private EngineStart() {}

    /** Opens a tokenizer of a checkpoint. */
    @FunctionalInterface
    public interface TokenizerSource {
        TextCodec open(Path checkpoint) throws IOException;
    }

    /**
     * Starts Triton, loads the model and checks that it fits the deployment.
     *
     * @param checkpoint folder of the base that the engine was built from
     * @param tokenizer opens the base's tokenizer, if the model takes text; closed with the engine
     * @param progress gets lines for a person who waits
     * @throws IllegalStateException if it can't start: says why and what to do
     * @throws IOException if a file can't be read
     */
    public static TensorRtLlmEngine open(
            Path checkpoint,
            TensorRtLlmSettings settings,
            TokenizerSource tokenizer,
            Consumer<String> progress)
            throws IOException {
        ModelConfig base = ModelConfig.read(checkpoint.resolve("config.json"));
        StartChecks checks = StartChecks.ofThisMachine();
        checks.requireFit(settings, base);
        progress.accept("Triton with the model " + settings.model().name());
        TritonServer server = null;
        try {
            server =
                    TritonServer.start(
                            new TritonOptions(
                                    settings.model().repository(),
                                    settings.model().backends(),
                                    ModelBackend.isPython(settings.model()),
                                    EXIT_TIMEOUT));
            server.load(settings.model().name());
            ModelDeclaration declaration =
                    new ModelDeclaration(server.config(settings.model().name()));
            return declaration.hasInput("text_input")
                    ? text(server, declaration, checkpoint, base, settings, tokenizer)
                    : tokens(server, declaration, base, settings);
        } catch (TritonException e) {
            close(server);
            throw new IllegalStateException(
                    "TensorRT-LLM can't start with the model "
                            + settings.model().name()
                            + " of "
                            + settings.model().repository()
                            + ": "
                            + e.getMessage()
                            + checks.hint(),
                    e);
        } catch (IOException | RuntimeException e) {
            close(server);
            throw e;
        }
    }

    /** Why the engine can't serve on this machine; empty if it has a GPU and a built engine. */
    public static Optional<String> missing(TensorRtLlmSettings settings) {
        return StartChecks.ofThisMachine().missing(settings);
    }

    /**
     * Checks that the engine can be opened on this machine, as far as that is known before the base
     * is here.
     *
     * @throws IllegalStateException if libtritonserver is missing or of another version, if the
     *     engine's files are not as they must be, or if it needs more GPUs; says what to do
     */
    public static void require(TensorRtLlmSettings settings) {
        StartChecks.ofThisMachine().require(settings);
    }

    private static TensorRtLlmEngine tokens(
            TritonServer server,
            ModelDeclaration declaration,
            ModelConfig base,
            TensorRtLlmSettings settings) {
        if (!declaration.hasInput("input_ids")) {
            throw new IllegalStateException(
                    "the model "
                            + settings.model().name()
                            + " takes neither input_ids nor text_input: it is not one of"
                            + " TensorRT-LLM's");
        }
        TokenContract contract = new TokenContract(declaration.tokenModel(base, settings));
        return new TensorRtLlmEngine(server, base, settings, contract, () -> {});
    }

    private static TensorRtLlmEngine text(
            TritonServer server,
            ModelDeclaration declaration,
            Path checkpoint,
            ModelConfig base,
            TensorRtLlmSettings settings,
            TokenizerSource tokenizer)
            throws IOException {
        if (settings.asked().tenantsApart()) {
            LOG.warn(
                    "the model {} takes text and does not say whether it reuses its KV cache; with"
                            + " several tenants its model.yaml must have kv_cache_config:"
                            + " enable_block_reuse: false",
                    settings.model().name());
        }
        declaration.checkText(settings);
        if (!declaration.isDecoupled()) {
            LOG.warn(
                    "the model {} answers in one piece, since its model.yaml does not say"
                            + " decoupled: True in triton_config",
                    settings.model().name());
        }
        int asked = settings.asked().maxModelLength();
        int context = ConvertibleBase.contextLength(base);
        TextModel model =
                new TextModel(
                        base,
                        asked == 0 ? context : Math.min(asked, context),
                        settings.maxRows(),
                        declaration.isDecoupled(),
                        declaration.hasInput("lora_id"),
                        EndTokens.read(checkpoint));
        TextCodec codec = tokenizer.open(checkpoint);
        return new TensorRtLlmEngine(
                server,
                base,
                settings,
                new TextContract(model, codec, settings.scratch()),
                codec::close);
    }

    private static void close(@Nullable TritonServer server) {
        if (server != null) {
            server.close();
        }
    }
}
