/** The settings of a worker. */
@NullMarked
package dev.weft.inference.server.settings;

import org.jspecify.annotations.NullMarked;
