package dev.weft.service.settings;

import java.util.Locale;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which engine the workers run; what it can serve decides what the catalog takes in.
 *
 * @param engine Engine of the worker; {@code auto} takes TensorRT-LLM if there are a GPU and a
 *     built engine, else the embedded one; {@code vllm}, {@code trtllm-serve} and {@code sglang}
 *     are servers beside the worker, which {@code weft.relay} describes.
 */
@ConfigurationProperties("weft")
public record EngineSettings(@DefaultValue("auto") Choice engine) {
    /** The engines. */
    public enum Choice {
        AUTO,
        CPU,
        TENSORRT_LLM,
        VLLM,
        TRTLLM_SERVE,
        SGLANG;

        /** Whether the engine is a server of its own beside the worker. */
        public boolean isRelayed() {
            return this == VLLM || this == TRTLLM_SERVE || this == SGLANG;
        }

        /** Whether adapters are pairs of matrices for linear layers, and nothing more. */
        public boolean computesPairsAlone() {
            return isRelayed() || this == TENSORRT_LLM;
        }

        /** Whether an adapter may bring a chat template of its own. */
        public boolean takesTemplates() {
            return this != SGLANG;
        }

        /** The engine as the deployment file names it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
