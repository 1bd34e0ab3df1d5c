package dev.weft.deployment;

import dev.weft.settings.key.SettingKeys;
import java.util.List;

/** The keys of deployment files. */
final class DeploymentKeys {
    static final SettingKeys ALL = SettingKeys.of(Truss.class, WeftSettings.class);

    static final String WEFT = "weft";
    static final List<String> BUILD = List.of("trt_llm", "build");
    static final List<String> ADAPTERS = List.of("trt_llm", "build", "lora_adapters");
    static final List<String> MODEL_NAME = List.of("model_name");
    static final List<String> SERVED_MODEL_NAME =
            List.of("trt_llm", "runtime", "served_model_name");
    static final List<String> USE_GPU = List.of("resources", "use_gpu");
    static final List<String> MAX_LORA_RANK = List.of("trt_llm", "build", "max_lora_rank");

    private DeploymentKeys() {}
}
