/**
 * Names repositories of files, a checkpoint or an adapter, wherever they lie, and what may be
 * reached to get them.
 */
@NullMarked
package dev.weft.protocol.repository;

import org.jspecify.annotations.NullMarked;
