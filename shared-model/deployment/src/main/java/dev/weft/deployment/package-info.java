/**
 * The deployment file: what users write, checked as a whole, with Weft's settings and their
 * defaults. {@link dev.weft.deployment.DeploymentFile} reads it; the keys are declared once, and
 * reading, faults, the listing of {@code config show} and docs/configuration.md follow from that.
 * Reads the file and looks whether folders exist; keeps no state.
 */
@NullMarked
package dev.weft.deployment;

import org.jspecify.annotations.NullMarked;
