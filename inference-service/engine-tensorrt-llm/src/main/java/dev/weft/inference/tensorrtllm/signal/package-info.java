/**
 * Keeps the JVM's signal handlers when native libraries set their own. HotSpot needs SIGSEGV for
 * null checks and to stop threads; a library that takes it ends the process within seconds.
 *
 * <p>Reads and writes handlers by {@code java.lang.foreign} (POSIX {@code sigaction}, with glibc's
 * layout on x86-64, the only platform of libtritonserver).
 */
@NullMarked
package dev.weft.inference.tensorrtllm.signal;

import org.jspecify.annotations.NullMarked;
