/**
 * The settings that records declare: their names and allowed values. They are read by reflection,
 * once. Immutable; any thread.
 */
@NullMarked
package dev.weft.settings.key;

import org.jspecify.annotations.NullMarked;
