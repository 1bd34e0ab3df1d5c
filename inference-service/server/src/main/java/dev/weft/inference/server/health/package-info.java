/** Watches whether the engine makes progress with its requests. One loop. */
@NullMarked
package dev.weft.inference.server.health;

import org.jspecify.annotations.NullMarked;
