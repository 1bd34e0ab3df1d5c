package dev.weft.deployment;

import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.settings.BoundSettings;
import java.util.List;

/**
 * What one catalog and its gateways serve: a base with its adapters, or several.
 *
 * @param settings of the catalog and the gateway
 * @param deployments one for each base, at least one; each has the settings of its own worker
 */
public record Fleet(BoundSettings settings, List<Deployment> deployments) {
    public Fleet {
        deployments = List.copyOf(deployments);
        if (deployments.isEmpty()) {
            throw new IllegalArgumentException("a fleet without a deployment");
        }
    }

    /** A fleet of one base. */
    public static Fleet of(Deployment deployment) {
        return new Fleet(deployment.settings(), List.of(deployment));
    }

    /** Whether a file of its own describes the only base. */
    public boolean isOne() {
        return deployments.size() == 1 && deployments.getFirst().settings().equals(settings);
    }

    /** The record of that type, of the catalog's and the gateway's settings. */
    public <T extends Record> T settings(Class<T> type) {
        return settings.get(type);
    }

    /** The clients' names of the bases, in the order of the deployments. */
    public List<String> bases() {
        return deployments.stream().map(each -> each.base().servedName()).toList();
    }

    /** The repositories that the deployments name: bases and adapters. */
    public List<RepositoryRef> repositories() {
        return deployments.stream().flatMap(each -> each.repositories().stream()).toList();
    }
}
