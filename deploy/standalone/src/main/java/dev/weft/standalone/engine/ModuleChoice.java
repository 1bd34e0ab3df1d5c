package dev.weft.standalone.engine;

import dev.weft.deployment.Deployment;
import dev.weft.deployment.Deployment.DeclaredAdapter;
import dev.weft.deployment.truss.TensorRtSettings.Build;
import dev.weft.format.checkpoint.ModelConfig;
import dev.weft.format.lora.LoraCheck;
import dev.weft.format.lora.LoraFolder;
import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.format.trtllm.AdaptableModules;
import dev.weft.protocol.adapter.LinearModule;
import dev.weft.protocol.adapter.Reason;
import dev.weft.protocol.repository.RepositorySource;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The modules whose adapters an engine can run.
 *
 * @param why in words
 */
record ModuleChoice(Set<LinearModule> modules, String why) {
    ModuleChoice {
        modules = AdaptableModules.complete(modules);
    }

    /**
     * Chooses the modules that the file names. Else it takes those of the file's adapters, if all
     * of these are folders that can be read now; else all. Adds a fault for each requested module
     * that TensorRT-LLM would read wrongly.
     */
    static ModuleChoice of(Deployment deployment, ModelConfig base, PlanFaults faults) {
        Build build = deployment.tensorRt().build();
        int gpus = build.parallelism().tensorParallelCount();
        if (!build.loraTargetModules().isEmpty()) {
            Set<LinearModule> named = EnumSet.copyOf(build.loraTargetModules());
            refusals(named, base, gpus)
                    .forEach(why ->
                            faults.add(
                                    "trt_llm.build.lora_configuration.lora_target_modules: "
                                            + why));
            return new ModuleChoice(named, "lora_configuration.lora_target_modules names them");
        }
        List<DeclaredAdapter> adapters = deployment.lora().adapters();
        if (adapters.isEmpty()) {
            return all("the file names no adapter", base, gpus);
        }
        String elsewhere =
                adapters.stream()
                        .filter(a -> a.repository().source() != RepositorySource.FILE)
                        .map(DeclaredAdapter::name)
                        .collect(Collectors.joining(", "));
        Set<LinearModule> changed = EnumSet.noneOf(LinearModule.class);
        for (DeclaredAdapter adapter : adapters) {
            if (adapter.repository().source() == RepositorySource.FILE) {
                Set<LinearModule> modules =
                        modules(adapter, deployment.lora().maxRank(), base, faults);
                refusals(modules, base, gpus)
                        .forEach(why -> faults.add("adapter " + adapter.name() + ": " + why));
                changed.addAll(modules);
            }
        }
        if (!elsewhere.isEmpty()) {
            return all(
                    elsewhere + ": not a folder of this machine, so its modules are not known",
                    base,
                    gpus);
        }
        return changed.isEmpty()
                ? all("the file's adapters change none", base, gpus)
                : new ModuleChoice(changed, "what the file's adapters change");
    }

    private static ModuleChoice all(String why, ModelConfig base, int gpus) {
        List<String> refusals = refusals(EnumSet.copyOf(LinearModule.SEPARATE), base, gpus);
        String without = refusals.isEmpty() ? "" : ", but " + String.join("; ", refusals);
        return new ModuleChoice(AdaptableModules.of(base.shape(), gpus), why + ": all" + without);
    }

    private static List<String> refusals(Set<LinearModule> modules, ModelConfig base, int gpus) {
        return modules.stream()
                .flatMap(module -> AdaptableModules.refusal(module, base.shape(), gpus).stream())
                .toList();
    }

    private static Set<LinearModule> modules(
            DeclaredAdapter adapter, int maxRank, ModelConfig base, PlanFaults faults) {
        Path folder = Path.of(adapter.repository().repo());
        return switch (LoraFolder.check(folder, base.shape(), maxRank)) {
            case LoraCheck.Refused(List<Reason> reasons) -> {
                reasons.forEach(reason ->
                        faults.add("adapter " + adapter.name() + ": " + reason.message()));
                yield Set.of();
            }
            case LoraCheck.Accepted(LoraAdapter accepted, var _) -> {
                try (accepted) {
                    accepted.beyondPairs()
                            .ifPresent(why -> faults.add("adapter " + adapter.name() + ": " + why));
                    yield accepted.facts().modules();
                }
            }
        };
    }

    List<String> names() {
        return modules.stream().map(LinearModule::tensorRtName).toList();
    }
}
