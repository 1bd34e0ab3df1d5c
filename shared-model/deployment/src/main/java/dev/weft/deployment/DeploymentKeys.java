package dev.weft.deployment;

import dev.weft.deployment.truss.Truss;
import dev.weft.settings.key.SettingKeys;
import dev.weft.settings.key.SettingRecords;
import java.util.List;
import java.util.stream.Stream;

/** The keys of deployment files: those of all modules on the class path. */
final class DeploymentKeys {
    /** The records, of which Truss's describes a whole file. */
    static final List<Class<?>> RECORDS =
            Stream.concat(Stream.of(Truss.class), SettingRecords.find().stream()).toList();

    static final SettingKeys ALL = SettingKeys.of(RECORDS);

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
