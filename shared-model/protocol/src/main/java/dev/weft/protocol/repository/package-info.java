/**
 * Names repositories of files, a checkpoint or an adapter, at any place, and the hosts that may be
 * asked for them.
 */
@NullMarked
package dev.weft.protocol.repository;

import org.jspecify.annotations.NullMarked;
