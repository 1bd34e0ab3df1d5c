package dev.weft.inference.server.settings;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which engine runs.
 *
 * @param engine Engine of the worker; {@code auto} takes TensorRT-LLM if there are a GPU and a
 *     built engine, else the embedded one.
 */
@ConfigurationProperties("weft")
public record EngineSettings(@DefaultValue("auto") Choice engine) {
    /** The engines. */
    public enum Choice {
        AUTO,
        CPU,
        TENSORRT_LLM
    }
}
