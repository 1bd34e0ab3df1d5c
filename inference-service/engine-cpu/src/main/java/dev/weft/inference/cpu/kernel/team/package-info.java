/**
 * The threads that run every operator together, each its slice, and the time they spend idle. The
 * team owns the threads; one thread at a time starts regions.
 */
@NullMarked
package dev.weft.inference.cpu.kernel.team;

import org.jspecify.annotations.NullMarked;
