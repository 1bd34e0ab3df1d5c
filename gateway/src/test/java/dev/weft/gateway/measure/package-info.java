/** Tests of the gateway: measure. */
@NullMarked
package dev.weft.gateway.measure;

import org.jspecify.annotations.NullMarked;
