package dev.weft.format.lora.weight;

import dev.weft.format.pooling.Pooling;
import dev.weft.format.safetensors.Tensor;
import dev.weft.protocol.adapter.AdapterTask;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The task that an adapter was trained for, with the parts that it needs. */
public sealed interface LoraTask {
    /** Text. */
    record Generation() implements LoraTask {
        @Override
        public AdapterTask kind() {
            return AdapterTask.CAUSAL_LM;
        }
    }

    /**
     * Vectors of texts.
     *
     * @param pooling null if the adapter does not say
     */
    record Embedding(@Nullable Pooling pooling) implements LoraTask {
        @Override
        public AdapterTask kind() {
            return AdapterTask.FEATURE_EXTRACTION;
        }
    }

    /**
     * Scores of labels: {@code weight * hidden + bias} for the last token's final hidden state.
     *
     * @param weight {@code [labels][hidden]}
     * @param bias {@code [labels]}; null for none
     */
    record Classification(Tensor weight, @Nullable Tensor bias) implements LoraTask {
        @Override
        public AdapterTask kind() {
            return AdapterTask.SEQ_CLS;
        }

        @Override
        public List<Tensor> tensors() {
            return Stream.of(weight, bias)
                    .<Tensor>mapMulti((it, out) -> {
                        if (it != null) {
                            out.accept(it);
                        }
                    })
                    .toList();
        }

        public int labels() {
            return weight.shape().getFirst().intValue();
        }

        /** Whether it fits a base of that size. */
        public boolean fits(int hidden) {
            return weight.shape().equals(List.of((long) labels(), (long) hidden))
                    && (bias == null || bias.shape().equals(List.of((long) labels())));
        }
    }

    AdapterTask kind();

    /** Tensors besides those that change the base. */
    default List<Tensor> tensors() {
        return List.of();
    }
}
