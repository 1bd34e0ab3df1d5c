package dev.weft.inference.tensorrtllm.tokens;

import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.format.lora.weight.LoraPair;
import dev.weft.format.trtllm.AdaptableModules;
import dev.weft.inference.engine.EngineException;
import dev.weft.protocol.adapter.LinearModule;
import java.util.stream.Collectors;

/**
 * Checks what an adapter changes in an engine. TensorRT-LLM refuses some adapters that don't fit
 * when a request brings them, and silently misreads others.
 */
final class TokenAdapterCheck {
    private final TokenModel model;

    TokenAdapterCheck(TokenModel model) {
        this.model = model;
    }

    /**
     * Checks every layer that the adapter changes.
     *
     * @throws EngineException {@code INVALID_ADAPTER}
     */
    void check(LoraAdapter adapter) {
        adapter.beyondPairs()
                .ifPresent(why -> {
                    throw EngineException.invalidAdapter(why);
                });
        for (LoraPair pair : adapter.pairs()) {
            checkModule(pair.module());
            checkShape(pair);
        }
    }

    private void checkModule(LinearModule module) {
        if (!model.lora().modules().contains(module)) {
            throw EngineException.invalidAdapter(
                    "the adapter changes %s, the TensorRT-LLM engine was built for --lora_target_modules %s"
                            .formatted(
                                    module.tensorRtName(),
                                    model.lora().modules().stream()
                                            .map(LinearModule::tensorRtName)
                                            .collect(Collectors.joining(" "))));
        }
        AdaptableModules.refusal(module, model.config().shape(), model.gpus())
                .ifPresent(why -> {
                    throw EngineException.invalidAdapter(
                            "the adapter changes " + module.tensorRtName() + ": " + why);
                });
    }

    private void checkShape(LoraPair pair) {
        pair.misfit(model.config().shape(), model.lora().maxRank())
                .ifPresent(why -> {
                    throw EngineException.invalidAdapter(why);
                });
    }
}
