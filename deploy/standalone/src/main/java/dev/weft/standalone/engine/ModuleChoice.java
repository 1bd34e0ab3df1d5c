package dev.weft.standalone.engine;

import dev.weft.model.adapter.Reason;
import dev.weft.model.checkpoint.LinearModule;
import dev.weft.model.checkpoint.ModelConfig;
import dev.weft.model.deployment.Deployment;
import dev.weft.model.deployment.Deployment.DeclaredAdapter;
import dev.weft.model.lora.LoraAdapter;
import dev.weft.model.lora.LoraCheck;
import dev.weft.model.lora.LoraFolder;
import dev.weft.model.repository.RepositorySource;
import dev.weft.model.trtllm.AdaptableModules;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which modules an engine is built to adapt.
 *
 * @param why in words
 */
record ModuleChoice(Set<LinearModule> modules, String why) {
    ModuleChoice {
        modules = AdaptableModules.complete(modules);
    }

    /**
     * Those that the file names; else those of its adapters, where all of them are folders that can
     * be looked at now; else all.
     */
    static ModuleChoice of(Deployment deployment, ModelConfig base, PlanFaults faults) {
        List<LinearModule> named = deployment.tensorRt().build().loraTargetModules();
        if (!named.isEmpty()) {
            return new ModuleChoice(
                    EnumSet.copyOf(named), "lora_configuration.lora_target_modules names them");
        }
        List<DeclaredAdapter> adapters = deployment.adapters();
        if (adapters.isEmpty()) {
            return new ModuleChoice(AdaptableModules.all(), "the file names no adapter: all");
        }
        String elsewhere =
                adapters.stream()
                        .filter(a -> a.repository().source() != RepositorySource.FILE)
                        .map(DeclaredAdapter::name)
                        .collect(Collectors.joining(", "));
        Set<LinearModule> changed = EnumSet.noneOf(LinearModule.class);
        for (DeclaredAdapter adapter : adapters) {
            if (adapter.repository().source() == RepositorySource.FILE) {
                changed.addAll(modules(adapter, deployment.maxLoraRank(), base, faults));
            }
        }
        if (!elsewhere.isEmpty()) {
            return new ModuleChoice(
                    AdaptableModules.all(),
                    elsewhere + ": no folder of this machine, so its modules are not known: all");
        }
        return new ModuleChoice(
                changed.isEmpty() ? AdaptableModules.all() : changed,
                "what the file's adapters change");
    }

    private static Set<LinearModule> modules(
            DeclaredAdapter adapter, int maxRank, ModelConfig base, PlanFaults faults) {
        Path folder = Path.of(adapter.repository().repo());
        return switch (LoraFolder.check(folder, base, maxRank)) {
            case LoraCheck.Refused(List<Reason> reasons) -> {
                reasons.forEach(reason ->
                        faults.add("adapter " + adapter.name() + ": " + reason.message()));
                yield Set.of();
            }
            case LoraCheck.Accepted(LoraAdapter accepted, var _) -> {
                try (accepted) {
                    yield accepted.facts().modules();
                }
            }
        };
    }

    List<String> names() {
        return modules.stream().map(LinearModule::tensorRtName).toList();
    }
}
