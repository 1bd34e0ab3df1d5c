/**
 * Brings repositories of files to this machine: checkpoints for workers, adapters for the catalog.
 * {@link dev.weft.source.Repositories} picks the room of the place that a repository lies in, and
 * the settings come from the deployment. Blocking, meant for virtual threads; every wait has a
 * deadline.
 */
@NullMarked
package dev.weft.source;

import org.jspecify.annotations.NullMarked;
