package dev.weft.inference.tensorrtllm.triton;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How a server is started.
 *
 * @param repository folder with one folder for each model
 * @param backends folder with one folder for each backend, {@code /opt/tritonserver/backends} in
 *     NVIDIA's images
 * @param completion whether backends may complete the configurations of their models, as models in
 *     Python do; Triton's strict model config is off then
 * @param exitTimeout how long a stop waits for requests
 */
public record TritonOptions(
        Path repository, Path backends, boolean completion, Duration exitTimeout) {}
