/**
 * How services and commands call a service: with a token, and with a deadline for all of it.
 * Threads are those of the JDK's client; callers wait, or take a future.
 */
@NullMarked
package dev.weft.access.client;

import org.jspecify.annotations.NullMarked;
