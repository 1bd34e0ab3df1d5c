package dev.weft.inference.cpu.model.weights;

import dev.weft.inference.cpu.kernel.matrix.Linear;
import dev.weft.inference.cpu.lora.LoraSite;

/** One decoder block. */
public record LayerWeights(AttentionWeights attention, MlpWeights mlp) implements AutoCloseable {
    /** Returns these weights with another linear layer at one site. */
    LayerWeights with(LoraSite site, Linear linear) {
        return switch (site) {
            case ATTENTION_INPUT ->
                    new LayerWeights(attention.with(linear, attention.output()), mlp);
            case ATTENTION_OUTPUT -> new LayerWeights(attention.with(attention.qkv(), linear), mlp);
            case MLP_INPUT -> new LayerWeights(attention, dense().withGateUp(linear));
            case MLP_OUTPUT -> new LayerWeights(attention, dense().withDown(linear));
        };
    }

    private MlpWeights.OfAll dense() {
        if (mlp instanceof MlpWeights.OfAll dense) {
            return dense;
        }
        throw new IllegalStateException("an adapter changes no expert");
    }

    @Override
    public void close() {
        attention.qkv().close();
        attention.output().close();
        mlp.close();
    }
}
