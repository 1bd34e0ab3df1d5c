package dev.weft.inference.tensorrtllm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code eos_token_id} of a checkpoint, at which TensorRT-LLM's LLM API ends answers by itself. */
final class EndTokens {
    private EndTokens() {}

    static Set<Integer> read(Path checkpoint) throws IOException {
        Set<Integer> tokens = new TreeSet<>();
        for (String file : List.of("config.json", "generation_config.json")) {
            Path path = checkpoint.resolve(file);
            if (Files.isRegularFile(path)) {
                JsonNode end =
                        JsonMapper.shared().readTree(Files.readString(path)).path("eos_token_id");
                if (end.isArray()) {
                    end.forEach(token -> tokens.add(token.asInt()));
                } else if (end.isInt()) {
                    tokens.add(end.asInt());
                }
            }
        }
        return tokens;
    }
}
