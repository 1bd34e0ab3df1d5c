/** Whether the engine gets on with the requests that it has. One loop. */
@NullMarked
package dev.weft.inference.server.health;

import org.jspecify.annotations.NullMarked;
