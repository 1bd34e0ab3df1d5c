package dev.weft.inference.tensorrtllm.text;

import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.format.trtllm.AdaptableModules;
import dev.weft.inference.engine.EngineException;
import dev.weft.inference.engine.GenerationListener;
import dev.weft.inference.engine.GenerationRequest;
import dev.weft.inference.engine.RequestCheck;
import dev.weft.inference.engine.Sampling;
import dev.weft.inference.engine.constraint.GuideRules;
import dev.weft.inference.tensorrtllm.adapter.SentAdapter;
import dev.weft.inference.tensorrtllm.stream.Contract;
import dev.weft.inference.tensorrtllm.stream.GenerationContext;
import dev.weft.inference.tensorrtllm.stream.RunningGeneration;
import dev.weft.protocol.adapter.LinearModule;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Models that take text. */
public final class TextContract implements Contract<PeftFolder> {
    private final TextModel model;
    private final TextCodec codec;
    private final TextInputs requests;
    private final Path adapters;

    /**
     * The contract of a model.
     *
     * @param adapters folder that adapters are written to, which the model must be able to read
     */
    public TextContract(TextModel model, TextCodec codec, Path adapters) {
        this.model = model;
        this.codec = codec;
        this.requests = new TextInputs(model, codec);
        this.adapters = adapters;
        PeftFolder.clear(adapters);
    }

    @Override
    public String kernels() {
        return "tensorrt-llm llmapi";
    }

    @Override
    public int contextLength() {
        return model.contextLength();
    }

    @Override
    public int maxRows() {
        return model.maxRows();
    }

    /** None, since the model has no input for guides. */
    @Override
    public Optional<GuideRules> guides() {
        return Optional.empty();
    }

    /** Refuses settings that the model has no input for; it has fewer than the port. */
    @Override
    public void check(GenerationRequest request) {
        RequestCheck.noConstraint(request);
        RequestCheck.length(request, contextLength() - 1);
        RequestCheck.tokens(request, model.config().vocabulary().size());
        Sampling sampling = request.sampling();
        refuse(sampling.cut().minP() != 0, "min_p " + sampling.cut().minP());
        refuse(
                sampling.penalties().repetition() != 1,
                "repetition_penalty " + sampling.penalties().repetition());
        refuse(!sampling.logitBias().isEmpty(), "logit_bias");
        refuse(!sampling.badWords().isEmpty(), "bad_words");
        refuse(request.ending().minTokens() > 0, "min_tokens " + request.ending().minTokens());
        refuse(request.topLogProbabilities() >= 0, "logprobs");
        refuse(request.ending().stopTokens().isEmpty(), "ignore_eos");
        for (int token : request.ending().stopTokens()) {
            refuse(!model.endTokens().contains(token), "stop_token_ids with " + token);
        }
        requests.prompt(request);
    }

    private static void refuse(boolean asked, String what) {
        if (asked) {
            throw EngineException.invalidRequest(
                    what + ": TensorRT-LLM's llmapi model has no such setting; leave it out");
        }
    }

    @Override
    public PeftFolder convert(LoraAdapter adapter) {
        if (!model.lora()) {
            throw EngineException.invalidAdapter(
                    "the llmapi model takes no adapters: its config.pbtxt declares no lora_id,"
                            + " which TensorRT-LLM has from 1.3 on");
        }
        adapter.beyondPairs()
                .ifPresent(why -> {
                    throw EngineException.invalidAdapter(why);
                });
        // how many GPUs share a layer stands in the model's own files, which are not read here
        for (LinearModule module : adapter.facts().modules()) {
            AdaptableModules.refusal(module, model.config().shape(), 1)
                    .ifPresent(why -> {
                        throw EngineException.invalidAdapter(
                                "the adapter changes " + module.shortName() + ": " + why);
                    });
        }
        return PeftFolder.write(adapter, adapters);
    }

    @Override
    public RunningGeneration<PeftFolder> generation(
            GenerationContext<PeftFolder> context,
            GenerationRequest request,
            GenerationListener listener,
            @Nullable SentAdapter<PeftFolder> adapter) {
        return new TextGeneration(context, requests, codec, request, listener, adapter);
    }
}
