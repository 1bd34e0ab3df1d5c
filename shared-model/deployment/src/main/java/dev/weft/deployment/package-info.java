/**
 * The deployment file that users write, checked as a whole, with Weft's settings and their
 * defaults. {@link dev.weft.deployment.DeploymentFile} reads it. The keys are declared once, and
 * reading, faults, the listing of {@code config show} and docs/configuration.md follow from that.
 * The package reads the file, checks whether folders exist, and keeps no state.
 */
@NullMarked
package dev.weft.deployment;

import org.jspecify.annotations.NullMarked;
