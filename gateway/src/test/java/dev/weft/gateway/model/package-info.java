/** Tests of the gateway: model. */
@NullMarked
package dev.weft.gateway.model;

import org.jspecify.annotations.NullMarked;
