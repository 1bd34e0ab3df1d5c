/**
 * What this worker tells gateways of itself while it runs, and how it ends. One loop makes the
 * states.
 */
@NullMarked
package dev.weft.inference.server.state;

import org.jspecify.annotations.NullMarked;
