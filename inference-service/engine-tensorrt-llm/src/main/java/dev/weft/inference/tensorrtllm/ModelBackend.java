package dev.weft.inference.tensorrtllm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** The backend that a model's config.pbtxt names, known before Triton is started. */
final class ModelBackend {
    private static final Pattern COMMENT = Pattern.compile("(?m)^\\s*#.*$");
    private static final Pattern PYTHON =
            Pattern.compile("(?<![\\w\"'])backend\\s*:\\s*[\"']python[\"']");

    private ModelBackend() {}

    /**
     * Whether the model is one in Python, as {@code llmapi} is. Such a model completes its
     * configuration from its model.yaml: whether it streams stands there alone.
     *
     * @throws IOException if the file is there and can't be read
     */
    static boolean isPython(TensorRtLlmSettings.Model model) throws IOException {
        Path config = model.repository().resolve(model.name()).resolve("config.pbtxt");
        return Files.isRegularFile(config)
                && PYTHON.matcher(COMMENT.matcher(Files.readString(config)).replaceAll("")).find();
    }
}
