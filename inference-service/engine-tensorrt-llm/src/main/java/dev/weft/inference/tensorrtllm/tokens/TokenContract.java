package dev.weft.inference.tensorrtllm.tokens;

import dev.weft.inference.engine.EngineException;
import dev.weft.inference.engine.GenerationListener;
import dev.weft.inference.engine.GenerationRequest;
import dev.weft.inference.tensorrtllm.adapter.HeldAdapter;
import dev.weft.inference.tensorrtllm.stream.Contract;
import dev.weft.inference.tensorrtllm.stream.RunningGeneration;
import dev.weft.model.checkpoint.LinearModule;
import dev.weft.model.lora.LoraAdapter;
import dev.weft.model.lora.LoraPair;
import dev.weft.model.trtllm.EngineLimits;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Models that take token ids. */
public final class TokenContract implements Contract<PackedAdapter> {
    private final TokenModel model;
    private final TokenRequestCheck check;
    private final TokenRequests requests;

    public TokenContract(TokenModel model) {
        this.model = model;
        this.check = new TokenRequestCheck(model);
        this.requests = new TokenRequests(model);
    }

    @Override
    public String kernels() {
        return "tensorrt-llm, lora " + model.lora().type();
    }

    @Override
    public int contextLength() {
        return model.contextLength();
    }

    @Override
    public int maxRows() {
        return model.maxBatch();
    }

    @Override
    public void check(GenerationRequest request) {
        check.check(request);
    }

    @Override
    public PackedAdapter convert(LoraAdapter adapter) {
        EngineLimits.Lora lora = model.lora();
        for (LoraPair pair : adapter.pairs()) {
            check(pair, lora);
        }
        return new PackedAdapter(adapter, lora.type());
    }

    private void check(LoraPair pair, EngineLimits.Lora lora) {
        if (!lora.modules().contains(pair.module())) {
            throw invalid(
                    "the adapter changes %s, the TensorRT-LLM engine was built for --lora_target_modules %s"
                            .formatted(
                                    pair.module().tensorRtName(),
                                    lora.modules().stream()
                                            .map(LinearModule::tensorRtName)
                                            .collect(Collectors.joining(" "))));
        }
        boolean fits =
                pair.layer() >= 0
                        && pair.layer() < model.config().layers()
                        && pair.rank() <= lora.maxRank()
                        && pair.a().shape().get(1) == model.config().inputSize(pair.module())
                        && pair.b().shape().getFirst() == model.config().outputSize(pair.module())
                        && pair.b().shape().get(1) == pair.rank();
        if (!fits) {
            throw invalid(
                    "adapter tensor "
                            + pair.a().name()
                            + " "
                            + pair.a().shapeText()
                            + " does not fit layer "
                            + pair.layer()
                            + " "
                            + pair.module().shortName()
                            + " of the base, or its rank is over "
                            + lora.maxRank());
        }
    }

    @Override
    public RunningGeneration<PackedAdapter> generation(
            RunningGeneration.Surroundings<PackedAdapter> around,
            GenerationRequest request,
            GenerationListener listener,
            @Nullable HeldAdapter<PackedAdapter> adapter) {
        return new TokenGeneration(around, requests, model.logits(), request, listener, adapter);
    }

    private static EngineException invalid(String message) {
        return new EngineException(EngineException.Cause.INVALID_ADAPTER, message);
    }
}
