package dev.weft.standalone.bench.synthetic;

import java.nio.file.Path;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * A deployment file that serves a set of adapters. Its paths are absolute, so it can be anywhere.
 */
final class DeploymentText {
    private DeploymentText() {}

    /**
     * The text of the file.
     *
     * @param name name of the base
     * @param rank rank of the adapters
     * @param adapters folders by name
     */
    static String of(String name, Path checkpoint, int rank, Map<String, Path> adapters) {
        var yaml = new StringBuilder("# Written by weft bench adapters.\n");
        yaml.append("model_name: ").append(quoted(name)).append('\n');
        yaml.append("trt_llm:\n  build:\n    checkpoint_repository:\n");
        repository(yaml, checkpoint, "      ");
        yaml.append("    max_lora_rank: ").append(maxRank(rank)).append('\n');
        yaml.append("    lora_adapters:\n");
        adapters.forEach((adapter, folder) -> {
            yaml.append("      ").append(quoted(adapter)).append(":\n");
            repository(yaml, folder, "        ");
        });
        return yaml.toString();
    }

    private static void repository(StringBuilder yaml, Path folder, String indent) {
        yaml.append(indent).append("source: FILE\n");
        yaml.append(indent).append("repo: ").append(quoted(folder.toString())).append('\n');
    }

    /** The deployment's maximum rank, which is a power of two. */
    private static int maxRank(int rank) {
        return rank <= 1 ? 1 : Integer.highestOneBit(rank - 1) * 2;
    }

    /** A quoted string; JSON's strings are also YAML's. */
    private static String quoted(String text) {
        return JsonMapper.shared().writeValueAsString(text);
    }
}
