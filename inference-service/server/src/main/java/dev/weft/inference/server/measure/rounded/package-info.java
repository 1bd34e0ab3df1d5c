/**
 * Writes copies of a checkpoint whose linear layers are rounded to the nearest of 16 codes, in the
 * layouts of 4 bits that are served, so that these can be measured on any base. It reads a
 * checkpoint's folder and owns what it writes; one thread.
 */
@NullMarked
package dev.weft.inference.server.measure.rounded;

import org.jspecify.annotations.NullMarked;
