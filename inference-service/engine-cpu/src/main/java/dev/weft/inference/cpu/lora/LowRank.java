package dev.weft.inference.cpu.lora;

import dev.weft.format.lora.name.Edge;
import dev.weft.format.lora.name.ModulePath;
import dev.weft.format.lora.weight.LoraPair;
import dev.weft.format.lora.weight.Surroundings.EdgePair;
import dev.weft.format.safetensors.Tensor;

/**
 * A low-rank change of one linear layer, wherever that is.
 *
 * @param name of the layer, for a person
 * @param a {@code [rank][in]}
 * @param b {@code [out][rank]}
 */
record LowRank(String name, float scale, Tensor a, Tensor b, LoraPair.Outputs outputs) {
    static LowRank of(LoraPair pair) {
        String name = new ModulePath(pair.layer(), pair.module()).text();
        return new LowRank(name, pair.scale(), pair.a(), pair.b(), pair.outputs());
    }

    static LowRank ofHead(EdgePair pair) {
        return new LowRank(Edge.HEAD.text(), pair.scale(), pair.a(), pair.b(), pair.outputs());
    }

    int rank() {
        return a.shape().getFirst().intValue();
    }

    int in() {
        return a.shape().get(1).intValue();
    }

    int out() {
        return b.shape().getFirst().intValue();
    }
}
