/** The settings of a gateway. */
@NullMarked
package dev.weft.gateway.settings;

import org.jspecify.annotations.NullMarked;
