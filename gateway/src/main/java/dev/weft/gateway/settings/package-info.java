/**
 * The settings of a gateway that a launcher reads too: how long requests have to end, and whether
 * it looks for workers. Others lie beside the code that uses them.
 */
@NullMarked
package dev.weft.gateway.settings;

import org.jspecify.annotations.NullMarked;
