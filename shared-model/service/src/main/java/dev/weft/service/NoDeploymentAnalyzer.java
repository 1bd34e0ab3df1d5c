package dev.weft.service;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says how the deployment file is given. */
final class NoDeploymentAnalyzer extends AbstractFailureAnalyzer<NoDeploymentException> {
    @Override
    protected FailureAnalysis analyze(Throwable root, NoDeploymentException cause) {
        return new FailureAnalysis(
                cause.getMessage(),
                "Name it with --weft.deployment=FILE, or with the variable WEFT_DEPLOYMENT.",
                cause);
    }
}
