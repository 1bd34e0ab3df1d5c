package dev.weft.service;

/** Thrown if a service that runs by itself is not told its deployment file. */
final class NoDeploymentException extends IllegalStateException {
    NoDeploymentException() {
        super("No deployment file is given.");
    }
}
