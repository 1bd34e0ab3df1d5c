/**
 * Names repositories of files, a checkpoint or an adapter, wherever they lie, and what may be
 * reached to get them.
 */
@NullMarked
package dev.weft.model.repository;

import org.jspecify.annotations.NullMarked;
