/**
 * Brings repositories of files to this machine: checkpoints for workers, adapters for the catalog.
 * Blocking, meant for virtual threads; every wait has a deadline.
 */
@NullMarked
package dev.weft.source;

import org.jspecify.annotations.NullMarked;
