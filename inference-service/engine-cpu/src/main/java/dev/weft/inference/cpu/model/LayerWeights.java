package dev.weft.inference.cpu.model;

import dev.weft.inference.cpu.kernel.matrix.Linear;
import dev.weft.inference.cpu.lora.LoraSite;

/** One decoder block. */
record LayerWeights(AttentionWeights attention, MlpWeights mlp) implements AutoCloseable {
    /** The same weights with another linear layer at one site. */
    LayerWeights with(LoraSite site, Linear linear) {
        return switch (site) {
            case ATTENTION_INPUT ->
                    new LayerWeights(attention.with(linear, attention.output()), mlp);
            case ATTENTION_OUTPUT -> new LayerWeights(attention.with(attention.qkv(), linear), mlp);
            case MLP_INPUT ->
                    new LayerWeights(attention, new MlpWeights(mlp.norm(), linear, mlp.down()));
            case MLP_OUTPUT ->
                    new LayerWeights(attention, new MlpWeights(mlp.norm(), mlp.gateUp(), linear));
        };
    }

    @Override
    public void close() {
        attention.qkv().close();
        attention.output().close();
        mlp.gateUp().close();
        mlp.down().close();
    }
}
