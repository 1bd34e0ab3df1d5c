package dev.weft.deployment;

import dev.weft.format.trtllm.TensorRtSettings;
import java.util.List;
import java.util.Optional;

/** Reads what decides about a TensorRT-LLM engine. */
final class TensorRtReader {
    private final Values values;

    TensorRtReader(Values values) {
        this.values = values;
    }

    /**
     * @param accelerator {@code resources.accelerator}
     */
    TensorRtSettings read(Optional<String> accelerator) {
        values.get(TensorRtKeys.MAX_BEAM_WIDTH); // 1, or a fault
        return new TensorRtSettings(build(), serving(), accelerator.orElse(null));
    }

    private TensorRtSettings.Build build() {
        return new TensorRtSettings.Build(
                values.find(TensorRtKeys.MAX_SEQ_LEN, null).orElse(null),
                values.get(TensorRtKeys.MAX_BATCH_SIZE),
                values.get(TensorRtKeys.MAX_NUM_TOKENS),
                values.get(TensorRtKeys.QUANTIZATION_TYPE),
                new TensorRtSettings.Calibration(
                        values.find(TensorRtKeys.CALIB_SIZE, null).orElse(null),
                        values.find(TensorRtKeys.CALIB_DATASET, null).orElse(null),
                        values.find(TensorRtKeys.CALIB_MAX_SEQ_LENGTH, null).orElse(null)),
                values.get(TensorRtKeys.TENSOR_PARALLEL_COUNT),
                values.get(TensorRtKeys.PIPELINE_PARALLEL_COUNT),
                values.find(TensorRtKeys.NUM_BUILDER_GPUS, null).orElse(null),
                values.get(TensorRtKeys.GATHER_ALL_TOKEN_LOGITS),
                values.get(TensorRtKeys.PAGED_KV_CACHE),
                values.get(TensorRtKeys.USE_PAGED_CONTEXT_FMHA),
                values.get(TensorRtKeys.USE_FP8_CONTEXT_FMHA),
                values.find(TensorRtKeys.LORA_TARGET_MODULES, null).orElse(List.of()));
    }

    private TensorRtSettings.Serving serving() {
        return new TensorRtSettings.Serving(
                values.get(TensorRtKeys.KV_CACHE_FREE_GPU_MEM_FRACTION),
                values.find(TensorRtKeys.KV_CACHE_HOST_MEMORY_BYTES, null).orElse(null),
                new TensorRtSettings.LoraCache(
                        values.find(TensorRtKeys.LORA_CACHE_MAX_ADAPTER_SIZE, null).orElse(null),
                        values.find(TensorRtKeys.LORA_CACHE_OPTIMAL_ADAPTER_SIZE, null)
                                .orElse(null),
                        values.find(TensorRtKeys.LORA_CACHE_GPU_MEMORY_FRACTION, null).orElse(null),
                        values.find(TensorRtKeys.LORA_CACHE_HOST_MEMORY_BYTES, null).orElse(null)),
                values.get(TensorRtKeys.ENABLE_CHUNKED_CONTEXT),
                values.get(TensorRtKeys.BATCH_SCHEDULER_POLICY));
    }
}
