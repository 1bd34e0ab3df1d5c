/**
 * The settings that records declare: their names, what they may be, what they are. Read by
 * reflection, once; immutable, any thread.
 */
@NullMarked
package dev.weft.settings.key;

import org.jspecify.annotations.NullMarked;
