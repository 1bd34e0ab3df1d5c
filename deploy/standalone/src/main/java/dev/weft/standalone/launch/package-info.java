/**
 * Starts services in this process: all three, or one of a fleet. The package owns their lives: a
 * started service is closed when the process is told to end. Start-up runs on virtual threads;
 * every wait has a deadline.
 */
@NullMarked
package dev.weft.standalone.launch;

import org.jspecify.annotations.NullMarked;
