/** Where workers report what they hold, and hear what they are to hold. */
@NullMarked
package dev.weft.catalog.residency;

import org.jspecify.annotations.NullMarked;
