/** Tests of the gateway: settings. */
@NullMarked
package dev.weft.gateway.settings;

import org.jspecify.annotations.NullMarked;
