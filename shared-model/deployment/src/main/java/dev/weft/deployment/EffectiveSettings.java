package dev.weft.deployment;

import dev.weft.deployment.document.Origin;
import dev.weft.settings.bind.SettingValue;
import java.util.ArrayList;
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
    List<Setting> of(Truss truss, WeftSettings weft, Deployment deployment) {
        var settings = new ArrayList<Setting>();
        Map<List<String>, Object> workedOut =
                Map.of(
                        DeploymentKeys.MODEL_NAME,
                        deployment.modelName(),
                        DeploymentKeys.SERVED_MODEL_NAME,
                        deployment.servedModelName(),
                        DeploymentKeys.USE_GPU,
                        deployment.useGpu(),
                        DeploymentKeys.MAX_LORA_RANK,
                        deployment.maxLoraRank());
        for (SettingValue value : SettingValue.of(DeploymentKeys.ALL, truss)) {
            settings.add(setting(value, workedOut.get(value.key().path())));
        }
        if (deployment.adapters().isEmpty()) {
            settings.add(
                    new Setting(
                            DeploymentKeys.ADAPTERS, Map.of(), "none", new Origin.Default(), true));
        }
        for (SettingValue value : SettingValue.of(DeploymentKeys.ALL, weft)) {
            settings.add(setting(value, null));
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
}
