/** Tests of the gateway: model. */
@NullMarked
package dev.weft.gateway.body;

import org.jspecify.annotations.NullMarked;
