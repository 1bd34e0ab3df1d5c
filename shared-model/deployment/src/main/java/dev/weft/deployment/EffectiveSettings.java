package dev.weft.deployment;

import dev.weft.deployment.document.Origin;
import dev.weft.deployment.truss.Truss;
import dev.weft.settings.bind.SettingValue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Lists the values that apply, each with its origin. */
final class EffectiveSettings {
    private final Function<List<String>, org.springframework.boot.origin.@Nullable Origin> origins;

    /**
     * @param origins of values by path; null if nobody gave one
     */
    EffectiveSettings(
            Function<List<String>, org.springframework.boot.origin.@Nullable Origin> origins) {
        this.origins = origins;
    }

    /** Lists them in the order of the records. */
    List<Setting> of(Fleet fleet) {
        var settings = new ArrayList<Setting>();
        if (fleet.isOne()) {
            settings.addAll(ofBase(fleet.deployments().getFirst()));
        }
        fleet.settings().all().stream()
                .filter(record -> !(record instanceof Truss))
                .flatMap(record -> SettingValue.of(DeploymentKeys.ALL, record).stream())
                .sorted(Comparator.comparing(EffectiveSettings::section))
                .forEach(value -> settings.add(setting(value, null)));
        return settings;
    }

    private List<Setting> ofBase(Deployment deployment) {
        var settings = new ArrayList<Setting>();
        Map<List<String>, Object> workedOut =
                Map.of(
                        DeploymentKeys.MODEL_NAME,
                        deployment.modelName(),
                        DeploymentKeys.SERVED_MODEL_NAME,
                        deployment.base().servedName(),
                        DeploymentKeys.USE_GPU,
                        deployment.useGpu(),
                        DeploymentKeys.MAX_LORA_RANK,
                        deployment.lora().maxRank());
        for (SettingValue value :
                SettingValue.of(DeploymentKeys.ALL, deployment.settings(Truss.class))) {
            settings.add(setting(value, workedOut.get(value.key().path())));
        }
        if (deployment.lora().adapters().isEmpty()) {
            settings.add(
                    new Setting(
                            DeploymentKeys.ADAPTERS, Map.of(), "none", new Origin.Default(), true));
        }
        return settings;
    }

    private Setting setting(SettingValue value, @Nullable Object workedOut) {
        List<String> path = value.key().path();
        return new Setting(
                path,
                workedOut == null ? value.key().plain(value.value()) : workedOut,
                value.key().unset(),
                Origin.of(origins.apply(path)),
                true);
    }

    private static String section(SettingValue value) {
        List<String> path = value.key().path();
        return String.join(".", path.subList(0, path.size() - 1));
    }
}
