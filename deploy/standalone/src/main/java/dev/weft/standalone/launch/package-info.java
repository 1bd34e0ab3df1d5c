/**
 * Starts services in this process: all three, or one of a fleet. Owns their lives: what started is
 * closed when the process is told to end. Start-up runs on virtual threads; every wait has a
 * deadline.
 */
@NullMarked
package dev.weft.standalone.launch;

import org.jspecify.annotations.NullMarked;
