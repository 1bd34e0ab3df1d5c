package dev.weft.system.tensorrtllm;

import dev.weft.inference.tensorrtllm.backend.TestEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * Replaces NVIDIA's converter and trtllm-build. It makes engines that the test backend runs, and
 * writes the limits from its options to config.json, as trtllm-build does.
 */
final class EngineTools {
    private static final String OPTIONS =
            """
            #!/usr/bin/env bash
            set -eu
            declare -A option
            while [ $# -gt 0 ]; do
              case $1 in --*) name=$1; option[$name]= ;; *) option[${name:-script}]="${option[${name:-script}]:-} $1" ;; esac
              shift
            done
            value() { local v=${option[$1]:-}; printf %s "${v# }"; }
            out=$(value --output_dir)
            mkdir -p "$out"
            """;

    private static final String CONVERT =
            """
            for ((rank = 0; rank < $(value --tp_size); rank++)); do touch "$out/rank$rank.safetensors"; done
            value --tp_size > "$out/config.json"
            """;

    private static final String BUILD =
            """
            gpus=$(cat "$(value --checkpoint_dir)/config.json")
            for ((rank = 0; rank < gpus; rank++)); do cp "$made/rank0.engine" "$out/rank$rank.engine"; done
            modules=$(value --lora_target_modules | sed 's/ /", "/g')
            sed -e "s/\\"world_size\\": 1/\\"world_size\\": $gpus/" \\
                -e "s/\\"lora_target_modules\\": .*/\\"lora_target_modules\\": [\\"$modules\\"]/" \\
                -e "s/\\"lora_plugin\\": \\"[^\\"]*\\"/\\"lora_plugin\\": \\"$(value --lora_plugin)\\"/" \\
                -e "s/\\"max_lora_rank\\": [0-9]*/\\"max_lora_rank\\": $(value --max_lora_rank)/" \\
                -e "s/\\"max_batch_size\\": [0-9]*/\\"max_batch_size\\": $(value --max_batch_size)/" \\
                -e "s/\\"max_num_tokens\\": [0-9]*/\\"max_num_tokens\\": $(value --max_num_tokens)/" \\
                -e "s/\\"max_seq_len\\": [0-9]*/\\"max_seq_len\\": $(value --max_seq_len)/" \\
                "$made/config.json" > "$out/config.json"
            """;

    private final Path folder;

    /** Makes engines from a checkpoint. */
    EngineTools(Path folder, Path checkpoint) throws IOException {
        this.folder = Files.createDirectories(folder);
        TestEngine.of(checkpoint).write(folder);
        script("python", CONVERT);
        script("trtllm-build", "made='" + folder.resolve("engine") + "'\n" + BUILD);
    }

    private void script(String name, String rest) throws IOException {
        Path file = Files.writeString(folder.resolve(name), OPTIONS + rest);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** The options of {@code engine build} that name these tools. */
    List<String> options() {
        return List.of(
                "--python",
                folder.resolve("python").toString(),
                "--trtllm-build",
                folder.resolve("trtllm-build").toString());
    }
}
