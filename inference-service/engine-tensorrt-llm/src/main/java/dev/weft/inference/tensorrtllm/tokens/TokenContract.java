package dev.weft.inference.tensorrtllm.tokens;

import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.inference.engine.GenerationListener;
import dev.weft.inference.engine.GenerationRequest;
import dev.weft.inference.engine.constraint.GuideRules;
import dev.weft.inference.tensorrtllm.adapter.SentAdapter;
import dev.weft.inference.tensorrtllm.stream.Contract;
import dev.weft.inference.tensorrtllm.stream.GenerationContext;
import dev.weft.inference.tensorrtllm.stream.RunningGeneration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Models that take token ids. */
public final class TokenContract implements Contract<PackedAdapter> {
    private final TokenModel model;
    private final TokenRequestCheck check;
    private final TokenAdapterCheck adapterCheck;
    private final TokenInputs requests;

    public TokenContract(TokenModel model) {
        this.model = model;
        this.check = new TokenRequestCheck(model);
        this.adapterCheck = new TokenAdapterCheck(model);
        this.requests = new TokenInputs(model);
    }

    @Override
    public String kernels() {
        return "tensorrt-llm, lora " + model.lora().type();
    }

    @Override
    public int contextLength() {
        return model.limits().contextLength();
    }

    @Override
    public int maxRows() {
        return model.limits().maxBatch();
    }

    @Override
    public Optional<GuideRules> guides() {
        return Optional.ofNullable(model.guides());
    }

    @Override
    public void check(GenerationRequest request) {
        check.check(request);
    }

    @Override
    public PackedAdapter convert(LoraAdapter adapter) {
        adapterCheck.check(adapter);
        return new PackedAdapter(adapter, model.lora().type());
    }

    @Override
    public RunningGeneration<PackedAdapter> generation(
            GenerationContext<PackedAdapter> context,
            GenerationRequest request,
            GenerationListener listener,
            @Nullable SentAdapter<PackedAdapter> adapter) {
        return new TokenGeneration(context, requests, model.logits(), request, listener, adapter);
    }
}
