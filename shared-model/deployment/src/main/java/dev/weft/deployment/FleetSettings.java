package dev.weft.deployment;

import dev.weft.settings.Unset;
import java.nio.file.Path;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * A file that describes several bases.
 *
 * @param deployments Deployment files, one for each base, absolute or relative to this file; then
 *     this file has the settings of the catalog and the gateway, and neither {@code model_name} nor
 *     {@code trt_llm}.
 */
@ConfigurationProperties("weft")
public record FleetSettings(
        @DefaultValue @Unset("this file describes one base") List<Path> deployments) {
    public FleetSettings {
        deployments = List.copyOf(deployments);
    }
}
