package dev.weft.standalone.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * Replaces NVIDIA's python scripts and trtllm-build. It notes its calls, and writes the files that
 * the real ones write.
 */
final class FakeTools {
    private static final String COMMON =
            """
            #!/usr/bin/env bash
            set -eu
            printf '%s\\n' "$*" >> "$(dirname "$0")/calls"
            echo "working on it"
            declare -A option
            while [ $# -gt 0 ]; do
              case $1 in --*) name=$1; option[$name]= ;; *) option[${name:-script}]="${option[${name:-script}]:-} $1" ;; esac
              shift
            done
            value() { local v=${option[$1]:-}; printf %s "${v# }"; }
            out=$(value --output_dir)
            if [ -e "$out" ]; then echo "$out is there"; exit 9; fi
            mkdir -p "$out"
            if [ -e "$(dirname "$0")/fail" ]; then touch "$out/half"; echo "CUDA error"; exit 3; fi
            """;

    private static final String CONVERT =
            """
            for ((rank = 0; rank < $(value --tp_size); rank++)); do touch "$out/rank$rank.safetensors"; done
            printf '{"mapping":{"world_size":%s}}' "$(value --tp_size)" > "$out/config.json"
            """;

    private static final String BUILD =
            """
            checkpoint=$(value --checkpoint_dir)
            size=$(grep -o '"world_size":[0-9]*' "$checkpoint/config.json" | cut -d: -f2)
            for ((rank = 0; rank < size; rank++)); do touch "$out/rank$rank.engine"; done
            modules=$(value --lora_target_modules | sed 's/ /","/g')
            cat > "$out/config.json" <<JSON
            {"version":"1.2.1","pretrained_config":{"num_hidden_layers":2,"hidden_size":24,
             "vocab_size":100,"num_attention_heads":4,"num_key_value_heads":2,
             "intermediate_size":40,"mapping":{"world_size":$size}},
             "build_config":{"max_batch_size":$(value --max_batch_size),
              "max_seq_len":$(value --max_seq_len),"max_num_tokens":$(value --max_num_tokens),
              "lora_config":{"max_lora_rank":$(value --max_lora_rank),
               "lora_target_modules":["$modules"]},
              "plugin_config":{"lora_plugin":"$(value --lora_plugin)"}}}
            JSON
            """;

    private final Path folder;

    FakeTools(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
        script("python", CONVERT);
        script("builder", BUILD);
    }

    private void script(String name, String rest) throws IOException {
        Path file = Files.writeString(folder.resolve(name), COMMON + rest);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** The options that name these tools. */
    List<String> options() {
        return List.of(
                "--tools",
                "/examples",
                "--python",
                folder.resolve("python").toString(),
                "--trtllm-build",
                folder.resolve("builder").toString());
    }

    /** The calls in order, without the command itself. */
    List<String> calls() throws IOException {
        Path calls = folder.resolve("calls");
        return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
    }

    /** Sets whether each tool ends with an error in the middle of its work. */
    void fail(boolean fail) throws IOException {
        if (fail) {
            Files.writeString(folder.resolve("fail"), "");
        } else {
            Files.deleteIfExists(folder.resolve("fail"));
        }
    }
}
