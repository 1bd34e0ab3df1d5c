package dev.weft.standalone.engine;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** NVIDIA's tools; by default at their places in the NGC image. */
final class Tools {
    @Option(
            names = "--tools",
            paramLabel = "FOLDER",
            defaultValue = "/app/examples",
            description =
                    "TensorRT-LLM's examples, with models/core and quantization (default:"
                            + " ${DEFAULT-VALUE}).")
    private Path examples = Path.of("/app/examples");

    @Option(
            names = "--python",
            paramLabel = "COMMAND",
            defaultValue = "python3",
            description = "Python that has TensorRT-LLM (default: ${DEFAULT-VALUE}).")
    private String python = "python3";

    @Option(
            names = "--trtllm-build",
            paramLabel = "COMMAND",
            defaultValue = "trtllm-build",
            description = "TensorRT-LLM's builder (default: ${DEFAULT-VALUE}).")
    private String builder = "trtllm-build";

    String python() {
        return python;
    }

    String builder() {
        return builder;
    }

    /** A script of the examples. */
    String script(String name) {
        return examples.resolve(name).toString();
    }
}
