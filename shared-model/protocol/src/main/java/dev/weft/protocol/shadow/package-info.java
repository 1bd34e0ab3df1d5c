/**
 * How the catalog tells gateways of shadows: copies of a name's requests that another version
 * answers as well, for comparison only; and what became of them. Values and their JSON; no threads.
 */
@NullMarked
package dev.weft.protocol.shadow;

import org.jspecify.annotations.NullMarked;
