/**
 * Brings repositories of files to this machine: checkpoints for workers, adapters for the catalog.
 * {@link dev.weft.source.Repositories} picks the package for the repository's place, and the
 * settings come from the deployment. The package blocks and is meant for virtual threads; every
 * wait has a deadline.
 */
@NullMarked
package dev.weft.source;

import org.jspecify.annotations.NullMarked;
