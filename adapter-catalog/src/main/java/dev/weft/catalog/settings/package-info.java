/** The settings of a catalog. */
@NullMarked
package dev.weft.catalog.settings;

import org.jspecify.annotations.NullMarked;
