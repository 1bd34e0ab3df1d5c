package dev.weft.deployment;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Shows the faults of a deployment file as Spring Boot shows why an application didn't start. */
final class DeploymentFailureAnalyzer extends AbstractFailureAnalyzer<DeploymentException> {
    @Override
    protected FailureAnalysis analyze(Throwable root, DeploymentException cause) {
        return new FailureAnalysis(
                cause.getMessage(), "Correct the deployment file; docs/configuration.md", cause);
    }
}
