package dev.weft.inference.server.settings;

import dev.weft.format.trtllm.EngineFolder;
import dev.weft.settings.Allowed;
import jakarta.validation.constraints.Pattern;
import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code weft.triton}: where the TensorRT-LLM engine finds what it runs.
 *
 * @param model Name of the model in the repository.
 * @param modelRepository Triton's model repository, as {@code ./weft engine build} writes it;
 *     absolute or relative to the deployment file.
 * @param backends Folder of Triton's backends; the default is where NVIDIA's images have it.
 */
@ConfigurationProperties("weft.triton")
public record TritonSettings(
        @DefaultValue("/models") @Allowed("a folder") Path modelRepository,
        @DefaultValue("/opt/tritonserver/backends") @Allowed("a folder") Path backends,
        @DefaultValue("tensorrt_llm") @Pattern(regexp = "[A-Za-z0-9._-]+", message = "a name")
                String model) {
    /** The model that the worker loads. */
    public EngineFolder folder() {
        return new EngineFolder(modelRepository.resolve(model));
    }
}
